/**
 * The way of a task through a worker.
 *
 * <pre>
 *  Claim ──deliveries──▶ Reception ──work──▶ Intake ──batch──▶ Renderer ──raster──▶ Recorder
 *    ▲  (a consumer          │ (what needs no rendering,   (one thread a device)    │ encode, outcome, event
 *    │   and its thread)     └──── or a look first) ──────────────────────────────▶ │
 *    └──────────────────────────────── verdict on each delivery ◀───────────────────┘
 * </pre>
 *
 * <p>What is in flight is bounded by the claims alone: each holds one batch until all of it has ended, so there are never
 * more tasks, rasters or files in memory than claims times batch size, however slow a later stage is.
 */
@NullMarked
package dev.thunderhead.render.work;

import org.jspecify.annotations.NullMarked;
