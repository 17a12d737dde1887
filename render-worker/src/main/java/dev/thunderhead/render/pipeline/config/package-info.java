/** Reading the JSON files that lie beside a model's graphs. */
@NullMarked
package dev.thunderhead.render.pipeline.config;

import org.jspecify.annotations.NullMarked;
