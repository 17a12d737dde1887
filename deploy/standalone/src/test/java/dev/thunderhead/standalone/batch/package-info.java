@org.jspecify.annotations.NullMarked
package dev.thunderhead.standalone.batch;
