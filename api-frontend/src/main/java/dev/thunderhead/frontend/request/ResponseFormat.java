package dev.thunderhead.frontend.request;

/** How an answer carries its pictures. */
public enum ResponseFormat {
    /** Each as an address to fetch it from. */
    URL,
    /** Each in the answer itself, in base 64. */
    B64_JSON
}
