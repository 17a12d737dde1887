import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Exits with 1 unless a file is a PNG that shows something: of the demo's size, and not of one colour or a few. */
class CheckPicture {
    private static final String SIGNATURE = "89504e470d0a1a0a";
    private static final int SIDE = 256;
    private static final int FEW_COLOURS = 100;

    public static void main(String[] arguments) throws Exception {
        byte[] file = Files.readAllBytes(Path.of(arguments[0]));
        String signature = HexFormat.of().formatHex(Arrays.copyOf(file, SIGNATURE.length() / 2));
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(file));
        int width = picture.getWidth();
        int height = picture.getHeight();
        int[] pixels = picture.getRGB(0, 0, width, height, null, 0, width);
        long colours = IntStream.of(pixels).distinct().count();
        System.out.printf("%s: %d bytes, %dx%d, %d colours%n", arguments[0], file.length, width, height, colours);
        if (!signature.equals(SIGNATURE) || width != SIDE || height != SIDE || colours < FEW_COLOURS) {
            System.err.println("that is not a picture of anything");
            System.exit(1);
        }
    }
}
