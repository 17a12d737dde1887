package dev.thunderhead.standalone.batch;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a run of a campaign ended.
 *
 * @param pictures how many pictures are in the folder
 * @param manifest the table of them
 * @param gallery the page that shows them
 * @param problems what is left to do, in several lines; empty when nothing is
 */
public record Outcome(int pictures, Path manifest, Path gallery, Optional<String> problems) {
    /** @param lines how many the campaign has */
    static Outcome of(CampaignFolder folder, int lines, Report report, NextCommand next) {
        StringBuilder problems = new StringBuilder();
        if (!report.failed().isEmpty()) {
            problems.append(report.failed().count() + " of " + lines + " lines failed:\n")
                    .append(report.failed().text(": see " + folder.failed()))
                    .append(advice(lines, report, next));
        }
        if (!report.missing().isEmpty()) {
            problems.append(problems.isEmpty() ? "" : "\n")
                    .append("pictures of " + report.missing().count() + " lines could not be downloaded:\n")
                    .append(report.missing().text(""))
                    .append("They are tried again by " + next.resume());
        }
        return new Outcome(
                report.pictures(),
                folder.manifest(),
                folder.gallery(),
                problems.isEmpty() ? Optional.empty() : Optional.of(problems.toString()));
    }

    private static String advice(int lines, Report report, NextCommand next) {
        if (report.canRetry()) {
            return "They are painted again by " + next.retry();
        }
        return report.failed().count() == lines && report.pictures() == 0
                ? "Nothing was painted: put them right, and call it again with the same --out"
                : "They would fail again: put them right in a table of their own, with another --out";
    }
}
