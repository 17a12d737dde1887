package dev.thunderhead.frontend.webhook;

import java.math.BigInteger;

/**
 * The addresses that begin with the same bits, as CIDR notation names them.
 *
 * @param bits the address's length: 32 or 128
 * @param prefix the common bits, as a number
 * @param length how many they are
 */
record AddressBlock(int bits, BigInteger prefix, int length) {
    /** Reads {@code 10.0.0.0/8}, or for IPv6 the first hexadecimal digits, as many as matter: {@code 20010db8/32}. */
    static AddressBlock parse(String text) {
        String[] parts = text.split("/", 2);
        int length = Integer.parseInt(parts[1]);
        if (text.contains(".")) {
            BigInteger number = BigInteger.ZERO;
            for (String part : parts[0].split("\\.", 4)) {
                number = number.shiftLeft(8).or(new BigInteger(part));
            }
            return new AddressBlock(32, number.shiftRight(32 - length), length);
        }
        int digits = parts[0].length() * 4;
        return new AddressBlock(128, new BigInteger(parts[0], 16).shiftRight(digits - length), length);
    }

    boolean holds(byte[] address) {
        return address.length * 8 == bits
                && new BigInteger(1, address).shiftRight(bits - length).equals(prefix);
    }
}
