/**
 * Runs a campaign from the command line: a table of prompts becomes one batch of the API, and its results a folder of
 * pictures. Knows of the API its wire format and its limits, as any client does.
 *
 * <pre>
 * input.csv ─▶ CsvInput / JsonLinesInput ─▶ requests.jsonl ─▶ upload ─▶ batch
 *                                                                        │ poll
 *      manifest.csv, failed.csv, index.html ◀─ Report ◀─ results.jsonl ◀─┤
 *                                              pictures/ ◀─ Downloads ◀──┘
 * </pre>
 */
@NullMarked
package dev.thunderhead.standalone.batch;

import org.jspecify.annotations.NullMarked;
