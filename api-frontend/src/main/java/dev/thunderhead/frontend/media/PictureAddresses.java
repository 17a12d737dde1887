package dev.thunderhead.frontend.media;

import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.RenderEvent;

/** Says where clients fetch a picture. Thread-safe; never asks the store. */
@FunctionalInterface
public interface PictureAddresses {
    /** The address of the event's picture, which has the given format. */
    String of(RenderEvent event, OutputFormat format);
}
