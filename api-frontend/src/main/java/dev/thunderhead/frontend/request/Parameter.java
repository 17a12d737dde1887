package dev.thunderhead.frontend.request;

import java.math.BigInteger;

/** The value of one parameter as it stood in the body. */
sealed interface Parameter {
    record Text(String value) implements Parameter {}

    record Whole(BigInteger value) implements Parameter {}

    record Flag(boolean value) implements Parameter {}

    /** Says the same as an absent parameter. */
    record Null() implements Parameter {}
}
