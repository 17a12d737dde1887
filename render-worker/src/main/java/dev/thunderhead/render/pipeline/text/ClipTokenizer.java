package dev.thunderhead.render.pipeline.text;

import dev.thunderhead.render.pipeline.config.ConfigFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * CLIP's tokenizer, with the very ids that Hugging Face's fast {@code CLIPTokenizer} gives. Special tokens that a prompt
 * spells out are taken first, from the raw text; the text between them is composed (NFC), lower-cased character by
 * character and cut into words, and each word becomes byte pairs.
 *
 * <p>Immutable, so safe for any number of threads. Characters that are newer than the running JDK's Unicode tables count
 * as symbols, not letters.
 */
public final class ClipTokenizer {
    /** How many tokens the text encoders read. */
    public static final int LENGTH = 77;

    /**
     * White space separates words and is in none of them; a digit is a word of its own. A special token that only
     * lower-casing brought about is no token, but three words (the groups).
     */
    private static final Pattern WORD = Pattern.compile(
            "(<\\|)(startoftext|endoftext)(\\|>)|'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\s\\p{L}\\p{N}]+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private static final int CAPITAL_I_WITH_DOT = 0x130;

    private final BytePairs bytePairs;
    private final Map<String, Integer> specials;
    private final Pattern anySpecial;
    private final int start;
    private final int end;
    private final int padding;

    private ClipTokenizer(BytePairs bytePairs, ConfigFile config) throws IOException {
        this.bytePairs = bytePairs;
        specials = new LinkedHashMap<>();
        for (String key : List.of("bos_token", "eos_token", "unk_token", "pad_token")) {
            String token = config.text(key);
            specials.put(token, bytePairs.id(token));
        }
        // The longest first, since alternatives are tried in their order.
        anySpecial = Pattern.compile(specials.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
        start = bytePairs.id(config.text("bos_token"));
        end = bytePairs.id(config.text("eos_token"));
        padding = bytePairs.id(config.text("pad_token"));
    }

    /**
     * Reads both tokenizers, each from a folder with {@code vocab.json}, {@code merges.txt} and
     * {@code tokenizer_config.json}. Those with the same vocabulary share it in memory.
     *
     * @throws IOException when a file is missing or malformed; the message names it
     */
    public static List<ClipTokenizer> read(Path first, Path second) throws IOException {
        BytePairs firstPairs = BytePairs.read(first);
        boolean shared = same(first, second, "vocab.json") && same(first, second, "merges.txt");
        BytePairs secondPairs = shared ? firstPairs : BytePairs.read(second);
        return List.of(
                new ClipTokenizer(firstPairs, ConfigFile.read(first.resolve("tokenizer_config.json"))),
                new ClipTokenizer(secondPairs, ConfigFile.read(second.resolve("tokenizer_config.json"))));
    }

    private static boolean same(Path first, Path second, String name) throws IOException {
        Path other = second.resolve(name);
        return Files.isRegularFile(other) && Files.mismatch(first.resolve(name), other) < 0;
    }

    /**
     * The ids of a prompt: start, the prompt's tokens, end, and padding up to {@link #LENGTH}. A prompt that is too long
     * loses its last tokens, never the end. Takes at most n log n time for n characters.
     */
    public int[] encode(String prompt) {
        int[] ids = new int[LENGTH];
        Arrays.fill(ids, padding);
        ids[0] = start;
        int count = 1;
        int from = 0;
        Matcher special = anySpecial.matcher(prompt);
        while (special.find() && count < LENGTH - 1) {
            count = addWords(prompt.substring(from, special.start()), ids, count);
            if (count < LENGTH - 1) {
                ids[count++] = specials.getOrDefault(special.group(), padding);
            }
            from = special.end();
        }
        count = addWords(prompt.substring(from), ids, count);
        ids[count] = end;
        return ids;
    }

    /** Adds as many tokens of the text as there is room for, and returns the new count. */
    private int addWords(String text, int[] ids, int count) {
        Matcher word = WORD.matcher(lowerCase(Normalizer.normalize(text, Normalizer.Form.NFC)));
        int filled = count;
        while (filled < LENGTH - 1 && word.find()) {
            if (word.start(1) < 0) {
                filled = addWord(word.group(), ids, filled);
            } else {
                for (int group = 1; group <= word.groupCount(); group++) {
                    filled = addWord(word.group(group), ids, filled);
                }
            }
        }
        return filled;
    }

    private int addWord(String word, int[] ids, int count) {
        int[] tokens = bytePairs.encode(word.getBytes(StandardCharsets.UTF_8));
        int added = Math.min(tokens.length, LENGTH - 1 - count);
        System.arraycopy(tokens, 0, ids, count, added);
        return count + added;
    }

    /** Lower case without context, as Rust's {@code char::to_lowercase}: a capital sigma is never a final one. */
    private static String lowerCase(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            if (character == CAPITAL_I_WITH_DOT) {
                lower.append("i\u0307");
            } else {
                lower.appendCodePoint(Character.toLowerCase(character));
            }
        });
        return lower.toString();
    }
}
