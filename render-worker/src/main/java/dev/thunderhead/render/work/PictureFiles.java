package dev.thunderhead.render.work;

import dev.thunderhead.job.RenderTask;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.render.pipeline.Raster;
import java.io.IOException;

/** Makes files of rasters. Thread-safe. */
@FunctionalInterface
public interface PictureFiles {
    /** The file that the task asked for, in its format, with where it comes from in its metadata. */
    byte[] file(Raster raster, RenderTask task, ModelDescriptor model) throws IOException;
}
