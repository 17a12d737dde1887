package dev.thunderhead.frontend.webhook;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells addresses of the public internet from those that lead back into somebody's own network, by IANA's registries of
 * special-purpose addresses (RFC 6890 and its successors).
 */
final class PublicAddresses {
    /** This network, private, shared, loopback, link-local, protocol, documentation, relays, benchmarks, multicast, reserved. */
    private static final List<AddressBlock> REFUSED_IPV4 = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4");

    /** What has been handed out at all: loopback, unique-local, link-local, multicast and mapped ones lie outside. */
    private static final AddressBlock GLOBAL_IPV6 = AddressBlock.parse("2000/3");
    /** Protocol assignments (Teredo among them), documentation, documentation. */
    private static final List<AddressBlock> REFUSED_IPV6 = blocks("20010000/23", "20010db8/32", "3fff0000/20");

    private static final AddressBlock MAPPED = AddressBlock.parse("00000000000000000000ffff/96");
    private static final AddressBlock NAT64 = AddressBlock.parse("0064ff9b0000000000000000/96");
    private static final AddressBlock SIX_TO_FOUR = AddressBlock.parse("2002/16");

    private PublicAddresses() {}

    private static List<AddressBlock> blocks(String... texts) {
        return Stream.of(texts).map(AddressBlock::parse).toList();
    }

    static boolean contain(InetAddress address) {
        byte[] bytes = address.getAddress();
        Optional<byte[]> wrapped = wrapped(bytes);
        if (wrapped.isPresent()) {
            return contain(wrapped.get());
        }
        return contain(bytes);
    }

    private static boolean contain(byte[] address) {
        return address.length == 4
                ? REFUSED_IPV4.stream().noneMatch(block -> block.holds(address))
                : GLOBAL_IPV6.holds(address) && REFUSED_IPV6.stream().noneMatch(block -> block.holds(address));
    }

    /** The IPv4 address that packets to this IPv6 address end up at. */
    private static Optional<byte[]> wrapped(byte[] address) {
        if (MAPPED.holds(address) || NAT64.holds(address)) {
            return Optional.of(Arrays.copyOfRange(address, 12, 16));
        }
        return SIX_TO_FOUR.holds(address) ? Optional.of(Arrays.copyOfRange(address, 2, 6)) : Optional.empty();
    }
}
