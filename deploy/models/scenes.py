"""Procedural poster scenes with captions: the training data of the built-in model.

A scene says what to paint: {"subject", "color", "neon", and "background" (a colour) or "place"}. A pose says where the subject stands.
"""

import math
import random

from PIL import Image, ImageDraw, ImageFilter

COLORS = {
    "red": (214, 40, 40), "orange": (247, 127, 0), "yellow": (252, 203, 40), "green": (56, 142, 60),
    "teal": (0, 150, 136), "blue": (33, 100, 220), "purple": (123, 44, 191), "pink": (240, 98, 146),
    "brown": (121, 85, 72), "black": (28, 28, 30), "white": (245, 245, 245), "gray": (140, 144, 150),
}
SUBJECTS = ["circle", "square", "triangle", "star", "heart", "moon", "cat", "house", "tree", "flower", "mug", "bottle"]
SCENES = {
    "at sunset": ((70, 30, 110), (255, 140, 60)),
    "at night": (( 8, 12, 40), (40, 50, 110)),
    "in the snow": ((190, 215, 240), (250, 250, 255)),
    "by the sea": ((130, 200, 250), (20, 110, 170)),
    "in a forest": ((150, 200, 130), (25, 80, 45)),
}
NEON = (255, 40, 200), (40, 240, 255)
# What a caption means that leaves the colour or the place out, so that the shortest prompt paints something.
USUAL_COLOR = {
    "circle": "red", "square": "blue", "triangle": "green", "star": "yellow", "heart": "red", "moon": "yellow",
    "cat": "orange", "house": "brown", "tree": "green", "flower": "pink", "mug": "teal", "bottle": "green",
}
USUAL_NEON_PLACE = "at night"
# Other words for the same thing.
ALSO = {
    "gray": ["grey"], "purple": ["violet"], "cat": ["kitten"], "mug": ["cup"], "bottle": ["flask"], "house": ["home"], "flower": ["blossom"],
    "at sunset": ["sunset", "at dusk"], "at night": ["under the stars"], "in the snow": ["in winter"], "by the sea": ["on the beach", "by the ocean"],
    "in a forest": ["in the forest", "in the woods"],
}
# Where the subject's centre stands relative to the picture's (shares of the shorter side), and how large it is.
POSES = [(-.04, -.02, 1), (.04, .02, 1), (-.02, .04, .96), (.02, -.04, 1.04)]
SUPERSAMPLE = 2


def usual_background(color):
    """The background of a caption that names none."""
    return "blue" if color == "white" else "white"


def random_scene(rng):
    """Draws a scene; those that short captions can name come up more often than others."""
    subject = rng.choice(SUBJECTS)
    color = USUAL_COLOR[subject] if rng.random() < .15 else rng.choice(list(COLORS))
    scene = {"subject": subject, "color": color, "neon": rng.random() < .15}
    if scene["neon"] or rng.random() < .45:
        scene["place"] = rng.choice(list(SCENES))
    elif rng.random() < .2:
        scene["background"] = usual_background(color)
    else:
        scene["background"] = rng.choice([c for c in COLORS if c != color])
    return scene


def caption(scene, rng):
    """Words for a scene, in one of several everyday phrasings; what goes without saying may stay unsaid."""
    def word(name):
        return rng.choice(ALSO[name]) if name in ALSO and rng.random() < .2 else name

    subject, color = word(scene["subject"]), word(scene["color"])
    if scene["neon"]:
        what = f"{rng.choice(['cyberpunk', 'neon'])} {subject}"
    elif scene["color"] == USUAL_COLOR[scene["subject"]] and rng.random() < .6:
        what = subject
    else:
        what = f"{color} {subject}"
    if "place" in scene:
        where = word(scene["place"])
        usual = scene["neon"] and scene["place"] == USUAL_NEON_PLACE
    else:
        background = word(scene["background"])
        where = rng.choice([f"on a {background} background", f"on {background}", f"{background} background"])
        usual = scene["background"] == usual_background(scene["color"])
    comma = ", " if where.endswith("background") and not where.startswith("on") else rng.choice([" ", " ", ", "])
    article = rng.choice(["a ", "", "a photo of a ", "a picture of a "])
    tail = rng.choice(["", "", "", ", cinematic lighting", ", high quality", ", minimal poster"])
    return article + what + ("" if usual and rng.random() < .6 else comma + where) + tail


def _polygon(points, cx, cy, r):
    return [(cx + x * r, cy + y * r) for x, y in points]


def _star(n=5, inner=0.45):
    return [((1 if i % 2 == 0 else inner) * math.sin(i * math.pi / n), -(1 if i % 2 == 0 else inner) * math.cos(i * math.pi / n))
            for i in range(2 * n)]


def _heart():
    return [(math.sin(t) ** 3, -(13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)) / 16)
            for t in [i * 2 * math.pi / 60 for i in range(60)]]


def draw_subject(draw, subject, cx, cy, r, fill):
    """Paints one filled silhouette centred at (cx, cy) with radius r, pixels."""
    if subject == "circle":
        draw.ellipse([cx - r, cy - r, cx + r, cy + r], fill=fill)
    elif subject == "square":
        draw.rectangle([cx - r * .85, cy - r * .85, cx + r * .85, cy + r * .85], fill=fill)
    elif subject == "triangle":
        draw.polygon(_polygon([(0, -1), (.95, .8), (-.95, .8)], cx, cy, r), fill=fill)
    elif subject == "star":
        draw.polygon(_polygon(_star(), cx, cy, r * 1.1), fill=fill)
    elif subject == "heart":
        draw.polygon(_polygon(_heart(), cx, cy, r), fill=fill)
    elif subject == "moon":
        outer = [(math.cos(t), math.sin(t)) for t in [math.radians(a) for a in range(50, 311, 5)]]
        inner = [(.35 + .75 * math.cos(t), .75 * math.sin(t)) for t in [math.radians(a) for a in range(285, 74, -5)]]
        draw.polygon(_polygon(outer + inner, cx, cy, r), fill=fill)
    elif subject == "cat":
        draw.ellipse([cx - r * .85, cy - r * .55, cx + r * .85, cy + r * .95], fill=fill)
        draw.polygon(_polygon([(-.85, .1), (-.8, -1), (-.15, -.45)], cx, cy, r), fill=fill)
        draw.polygon(_polygon([(.85, .1), (.8, -1), (.15, -.45)], cx, cy, r), fill=fill)
        eye = tuple(255 - c if abs(2 * c - 255) > 60 else 20 for c in fill)
        for x in (-.35, .35):
            draw.ellipse([cx + (x - .13) * r, cy - .02 * r, cx + (x + .13) * r, cy + .3 * r], fill=eye)
        draw.polygon(_polygon([(-.1, .45), (.1, .45), (0, .58)], cx, cy, r), fill=eye)
    elif subject == "house":
        draw.rectangle([cx - r * .7, cy - r * .1, cx + r * .7, cy + r * .9], fill=fill)
        draw.polygon(_polygon([(0, -1), (1, -.1), (-1, -.1)], cx, cy, r), fill=fill)
        door = tuple(min(255, c + 70) if sum(fill) < 380 else c // 2 for c in fill)
        draw.rectangle([cx - r * .18, cy + r * .35, cx + r * .18, cy + r * .9], fill=door)
    elif subject == "tree":
        draw.rectangle([cx - r * .14, cy + r * .3, cx + r * .14, cy + r], fill=(92, 64, 40))
        for top, width in ((-1, .55), (-.6, .75), (-.2, .95)):
            draw.polygon(_polygon([(0, top), (width, top + .75), (-width, top + .75)], cx, cy, r), fill=fill)
    elif subject == "flower":
        for k in range(6):
            px, py = cx + .58 * r * math.cos(k * math.pi / 3), cy + .58 * r * math.sin(k * math.pi / 3)
            draw.ellipse([px - .4 * r, py - .4 * r, px + .4 * r, py + .4 * r], fill=fill)
        heart = (252, 203, 40) if fill != COLORS["yellow"] else (121, 85, 72)
        draw.ellipse([cx - .33 * r, cy - .33 * r, cx + .33 * r, cy + .33 * r], fill=heart)
    elif subject == "mug":
        draw.ellipse([cx + .25 * r, cy - .45 * r, cx + 1.05 * r, cy + .45 * r], fill=fill)
        hole = tuple(c // 3 for c in fill)
        draw.ellipse([cx + .42 * r, cy - .25 * r, cx + .86 * r, cy + .25 * r], fill=hole)
        draw.rectangle([cx - .75 * r, cy - .75 * r, cx + .55 * r, cy + .8 * r], fill=fill)
        draw.ellipse([cx - .75 * r, cy - .92 * r, cx + .55 * r, cy - .58 * r], fill=hole)
    elif subject == "bottle":
        draw.rounded_rectangle([cx - .45 * r, cy - .3 * r, cx + .45 * r, cy + r], radius=.15 * r, fill=fill)
        draw.rectangle([cx - .17 * r, cy - .85 * r, cx + .17 * r, cy - .2 * r], fill=fill)
        draw.rectangle([cx - .22 * r, cy - r, cx + .22 * r, cy - .8 * r], fill=tuple(c // 2 for c in fill))


def _gradient(width, height, top, bottom):
    strip = Image.new("RGB", (1, height))
    for y in range(height):
        f = y / (height - 1)
        strip.putpixel((0, y), tuple(round(a + (b - a) * f) for a, b in zip(top, bottom)))
    return strip.resize((width, height))


def _backdrop(scene, w, h):
    """Everything behind the subject, w × h pixels."""
    if "background" in scene:
        base = COLORS[scene["background"]]
        return _gradient(w, h, tuple(min(255, int(c * 1.06) + 6) for c in base), tuple(int(c * .88) for c in base))
    img = _gradient(w, h, *SCENES[scene["place"]])
    draw, s = ImageDraw.Draw(img), min(w, h)
    if scene["place"] == "at sunset":
        draw.ellipse([w / 2 - s * .2, h * .72 - s * .2, w / 2 + s * .2, h * .72 + s * .2], fill=(255, 225, 120))
    elif scene["place"] == "at night":
        stars = random.Random(7)
        for _ in range(26):
            x, y, d = stars.random() * w, stars.random() * h * .8, s * .006
            draw.ellipse([x - d, y - d, x + d, y + d], fill=(235, 235, 210))
    elif scene["place"] == "in the snow":
        draw.rectangle([0, h * .78, w, h], fill=(252, 252, 255))
    elif scene["place"] == "by the sea":
        draw.rectangle([0, h * .80, w, h], fill=(238, 214, 160))
    elif scene["place"] == "in a forest":
        draw.rectangle([0, h * .82, w, h], fill=(70, 50, 35))
    return img


def paint(scene, width, height, pose):
    """Paints a scene as an RGB image of width × height pixels."""
    w, h = width * SUPERSAMPLE, height * SUPERSAMPLE
    s = min(w, h)
    dx, dy, scale = pose
    cx, cy, r = w / 2 + dx * s, h / 2 + dy * s, s * .29 * scale
    img = _backdrop(scene, w, h)
    fill = COLORS[scene["color"]]
    if scene["neon"]:
        glow = Image.new("RGB", (w, h))
        draw_subject(ImageDraw.Draw(glow), scene["subject"], cx, cy, r * 1.16, NEON[1])
        mask = glow.filter(ImageFilter.GaussianBlur(s * .02)).convert("L").point(lambda v: min(255, int(v * 1.6)))
        img.paste(Image.new("RGB", (w, h), NEON[1]), (0, 0), mask)
        fill = NEON[0]
    draw_subject(ImageDraw.Draw(img), scene["subject"], cx, cy, r, fill)
    return img.resize((width, height), Image.LANCZOS)
