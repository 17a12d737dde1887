/** The random start of a picture, as torch's CPU generator draws it. */
@NullMarked
package dev.thunderhead.render.pipeline.noise;

import org.jspecify.annotations.NullMarked;
