/** From a prompt to the token ids that CLIP reads. Pure Java, without any model. */
@NullMarked
package dev.thunderhead.render.pipeline.text;

import org.jspecify.annotations.NullMarked;
