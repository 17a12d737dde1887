package dev.thunderhead.frontend.webhook;

import dev.thunderhead.job.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.TreeSet;

/**
 * The deliveries to one receiver, and how it behaves: so many calls at a time, and none while it asked to be left alone or
 * has failed again and again. Guarded by its queue's lock.
 */
final class ReceiverQueue {
    private final WebhookSettings settings;
    private final Account account;
    private final TreeSet<PendingDelivery> waiting = new TreeSet<>(
            Comparator.comparing((PendingDelivery one) -> one.delivery().dueAt())
                    .thenComparing(one -> one.delivery().id()));
    private int inFlight;
    private int failures;
    private Duration nextPause;
    private Instant closedUntil = Instant.EPOCH;
    private Instant servedAt = Instant.EPOCH;

    ReceiverQueue(Account account, WebhookSettings settings) {
        this.account = account;
        this.settings = settings;
        this.nextPause = settings.breaker().pause();
    }

    Account account() {
        return account;
    }

    void add(PendingDelivery delivery) {
        waiting.add(delivery);
    }

    void remove(PendingDelivery delivery) {
        waiting.remove(delivery);
    }

    /** Whether nothing is to be remembered of it. */
    boolean isIdle(Instant now) {
        return waiting.isEmpty() && inFlight == 0 && !closedUntil.isAfter(now);
    }

    /** Whether a delivery waits that may go as far as the receiver itself is concerned. */
    boolean hasRoom() {
        // After its breaker has opened, one call at a time tries whether the receiver is back.
        int limit = failures >= settings.breaker().failures() ? 1 : settings.concurrency();
        return !waiting.isEmpty() && inFlight < limit;
    }

    /** When its next delivery may go. Whoever was served last comes last among those that could have gone long ago. */
    Instant readyAt() {
        Instant due = waiting.first().delivery().dueAt();
        Instant open = due.isBefore(closedUntil) ? closedUntil : due;
        return open.isBefore(servedAt) ? servedAt : open;
    }

    PendingDelivery take(Instant now) {
        inFlight++;
        servedAt = now;
        return waiting.pollFirst();
    }

    /** A call has ended that says nothing about the receiver. */
    void released() {
        inFlight--;
    }

    void succeeded() {
        inFlight--;
        failures = 0;
        nextPause = settings.breaker().pause();
        closedUntil = Instant.EPOCH;
    }

    /** @param leftAlone until when the receiver does not want to be called */
    void failed(Instant now, Instant leftAlone) {
        inFlight--;
        failures++;
        close(leftAlone);
        // Calls that were under way when it opened do not open it any further.
        if (failures >= settings.breaker().failures() && !closedUntil.isAfter(now)) {
            close(now.plus(nextPause));
            Duration doubled = nextPause.multipliedBy(2);
            Duration longest = settings.breaker().longest();
            nextPause = doubled.compareTo(longest) > 0 ? longest : doubled;
        }
    }

    private void close(Instant until) {
        closedUntil = until.isAfter(closedUntil) ? until : closedUntil;
    }
}
