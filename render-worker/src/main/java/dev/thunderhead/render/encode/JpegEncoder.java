package dev.thunderhead.render.encode;

import dev.thunderhead.render.pipeline.Raster;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes baseline JPEG files through ImageIO. Stateless, so safe for any number of threads. */
final class JpegEncoder {
    private static final int CHANNELS = 3;
    private static final int BEST = 100;
    private static final short APP1 = (short) 0xffe1;
    private static final byte[] XMP_SIGNATURE = "http://ns.adobe.com/xap/1.0/\0".getBytes(StandardCharsets.US_ASCII);
    /** A segment counts its own two bytes of length, which can say no more than this. */
    private static final int LONGEST_SEGMENT = 0xffff;

    private final ColorModel colours = new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, ColorModel.OPAQUE, DataBuffer.TYPE_BYTE);

    /** @param quality 0 (smallest) to 100 (best) */
    byte[] encode(Raster raster, int quality, Provenance provenance) {
        if (quality < 0 || quality > BEST) {
            throw new IllegalArgumentException("a JPEG's quality is 0 to 100");
        }
        byte[] segment = provenanceSegment(provenance);
        byte[] file = encode(image(raster), quality);
        int after = afterFirstSegment(file);
        return ByteBuffer.allocate(file.length + segment.length)
                .put(file, 0, after)
                .put(segment)
                .put(file, after, file.length - after)
                .array();
    }

    private static byte[] encode(BufferedImage image, int quality) {
        ByteArrayOutputStream file = new ByteArrayOutputStream(1 << 16);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(file)) {
            writer.setOutput(stream);
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setProgressiveMode(ImageWriteParam.MODE_DISABLED);
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality((float) quality / BEST);
            writer.write(null, new IIOImage(image, null, null), settings);
        } catch (IOException impossible) {
            throw new UncheckedIOException("a JPEG could not be written to memory", impossible);
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }

    private BufferedImage image(Raster raster) {
        int width = raster.size().width();
        int height = raster.size().height();
        byte[] pixels = new byte[CHANNELS * width * height];
        for (int row = 0; row < height; row++) {
            raster.copyRow(row, pixels, CHANNELS * width * row);
        }
        WritableRaster layout = java.awt.image.Raster.createInterleavedRaster(
                new DataBufferByte(pixels, pixels.length),
                width,
                height,
                CHANNELS * width,
                CHANNELS,
                new int[] {0, 1, 2},
                null);
        return new BufferedImage(colours, layout, false, null);
    }

    /** The XMP packet as an APP1 segment (XMP specification, part 3). */
    private static byte[] provenanceSegment(Provenance provenance) {
        byte[] packet = Xmp.packet(provenance);
        int length = Short.BYTES + XMP_SIGNATURE.length + packet.length;
        if (length > LONGEST_SEGMENT) {
            throw new IllegalArgumentException("the prompt is too long for a JPEG's XMP packet");
        }
        return ByteBuffer.allocate(Short.BYTES + length)
                .putShort(APP1)
                .putShort((short) length)
                .put(XMP_SIGNATURE)
                .put(packet)
                .array();
    }

    /** Where ImageIO's first segment ends, the JFIF header, which has to stay the first. */
    private static int afterFirstSegment(byte[] file) {
        int marker = 2;
        return marker + Short.BYTES + (ByteBuffer.wrap(file).getShort(marker + Short.BYTES) & 0xffff);
    }
}
