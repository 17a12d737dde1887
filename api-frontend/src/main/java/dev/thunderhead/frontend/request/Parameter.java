package dev.thunderhead.frontend.request;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** The value of one parameter as it stood in the body. */
sealed interface Parameter {
    record Text(String value) implements Parameter {}

    record Whole(BigInteger value) implements Parameter {}

    record Flag(boolean value) implements Parameter {}

    /** Several texts; a single one may be given without an array. */
    record Texts(List<String> values) implements Parameter {}

    /** Plain values by name. */
    record Table(Map<String, Parameter> values) implements Parameter {}

    /** Says the same as an absent parameter. */
    record Null() implements Parameter {}

    /** What none may be: a fraction, a number too long for anything, or what is nested deeper. */
    record Odd() implements Parameter {}
}
