package dev.thunderhead.render.pipeline;

/** How one picture of a batch ended. */
public sealed interface Painted {
    /** It was painted. */
    record Picture(Raster raster) implements Painted {}

    /** The listener stopped it. */
    record Stopped() implements Painted {}

    /**
     * The model produced numbers that are infinite or none, as half-precision models do when they overflow. Such a
     * picture would come out black or torn, so it is never delivered.
     *
     * @param why where the numbers were seen, for an operator
     */
    record Spoiled(String why) implements Painted {}
}
