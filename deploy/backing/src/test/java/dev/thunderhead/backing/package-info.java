@org.jspecify.annotations.NullMarked
package dev.thunderhead.backing;
