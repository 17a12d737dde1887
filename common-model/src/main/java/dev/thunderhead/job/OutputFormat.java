package dev.thunderhead.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The file formats a picture is delivered in. */
public enum OutputFormat {
    @JsonProperty("png")
    PNG("image/png", "png"),
    @JsonProperty("jpeg")
    JPEG("image/jpeg", "jpg");

    private final String mediaType;
    private final String extension;

    OutputFormat(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }

    public String mediaType() {
        return mediaType;
    }

    /** The file name's ending, without the dot. */
    public String extension() {
        return extension;
    }
}
