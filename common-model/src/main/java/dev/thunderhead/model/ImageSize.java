package dev.thunderhead.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of a picture.
 *
 * @param width pixels, 1 to 99,999
 * @param height pixels, 1 to 99,999
 */
public record ImageSize(int width, int height) {
    private static final int MAX = 99_999;
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,4})x([1-9][0-9]{0,4})");

    public ImageSize {
        if (width < 1 || width > MAX || height < 1 || height > MAX) {
            throw new IllegalArgumentException("a picture's sides are 1 to " + MAX + " pixels");
        }
    }

    /**
     * Reads {@code WIDTHxHEIGHT}, for example {@code 1024x768}.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    @JsonCreator
    public static ImageSize parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a size is written WIDTHxHEIGHT in pixels, for example 1024x1024");
        }
        return new ImageSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    public long pixels() {
        return (long) width * height;
    }

    @JsonValue
    @Override
    public String toString() {
        return width + "x" + height;
    }
}
