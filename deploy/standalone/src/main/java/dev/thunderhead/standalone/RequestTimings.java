package dev.thunderhead.standalone;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the time of one request went, from the answer's header {@code server-timing} (W3C Server Timing).
 *
 * @param millis each part's time in milliseconds, in the order of the header
 */
public record RequestTimings(Map<String, Double> millis) {
    private static final Pattern PART = Pattern.compile("([a-z0-9]+);dur=([0-9.]+)");

    static RequestTimings parse(String header) {
        Map<String, Double> millis = new LinkedHashMap<>();
        Matcher parts = PART.matcher(header);
        while (parts.find()) {
            millis.put(parts.group(1), Double.valueOf(parts.group(2)));
        }
        return new RequestTimings(millis);
    }

    /** The time of one part in milliseconds, 0 when the header does not name it. */
    public double of(String part) {
        return millis.getOrDefault(part, 0.0);
    }

    /** What the renderer itself took, in milliseconds: text, steps, decode. */
    public double rendering() {
        return millis.entrySet().stream()
                .filter(part -> part.getKey().matches("text|decode|step\\d+"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** All parts in one line; the denoising steps as their number and mean. */
    @Override
    public String toString() {
        StringJoiner line = new StringJoiner(", ");
        List<Double> steps = millis.entrySet().stream()
                .filter(part -> part.getKey().startsWith("step"))
                .map(Map.Entry::getValue)
                .toList();
        millis.forEach((part, time) -> {
            if (!part.startsWith("step")) {
                line.add(part + " " + written(time));
            } else if (part.equals("step1")) {
                double mean = steps.stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElse(0);
                line.add("denoise " + steps.size() + " x " + written(mean));
            }
        });
        return line.toString();
    }

    private static String written(double millis) {
        return String.format(Locale.ROOT, "%.0f ms", millis);
    }
}
