package dev.thunderhead.frontend.webhook;

import dev.thunderhead.job.Account;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The pending deliveries of the partitions that this frontend looks after, and which of them may go next. Each receiver
 * has a queue of its own, and each account a limit over all its receivers, so that nobody's slow receivers hold up others'
 * deliveries. Thread-safe by its own lock.
 */
final class DeliveryQueue {
    /** How many calls of one account may be under way in one frontend. */
    static final int MOST_OF_ACCOUNT = 64;

    private static final Duration LONGEST_NAP = Duration.ofSeconds(1);
    private static final int TIDY_ABOVE = 1_000;

    private final WebhookSettings settings;
    private final Clock clock;
    private final Map<Integer, Partition> partitions = new HashMap<>();
    private final Map<String, ReceiverQueue> receivers = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();
    private final TreeSet<Place> order = new TreeSet<>();
    private final Map<Account, Calls> calls = new HashMap<>();
    private int inFlight;

    DeliveryQueue(WebhookSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** What stands in one partition. */
    private static final class Partition {
        private static final int REMEMBERED = 10_000;

        private final Map<String, PendingDelivery> pending = new HashMap<>();
        /** The last round of deliveries that ended here lately. */
        private final Map<String, Integer> over = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                return size() > REMEMBERED;
            }
        };

        private boolean caughtUp;

        boolean isOver(Delivery delivery) {
            return over.getOrDefault(delivery.id(), -1) >= delivery.round();
        }
    }

    /** When a receiver's turn comes. */
    private record Place(Instant at, String receiver) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byTime = at.compareTo(other.at);
            return byTime == 0 ? receiver.compareTo(other.receiver) : byTime;
        }
    }

    /** An account's calls under way, and its receivers that wait for one of them to end. */
    private static final class Calls {
        private int inFlight;
        private final Set<String> parked = new LinkedHashSet<>();
    }

    /** What comes of a record. */
    sealed interface Heard {
        record Taken() implements Heard {}

        /** The delivery is over already, and the journal has to be told again. */
        record Over() implements Heard {}

        /** It tells less than is known, and the journal, which keeps its last record only, has to be told again. */
        record Stale(Delivery known) implements Heard {}
    }

    synchronized void assigned(int partition) {
        partitions.put(partition, new Partition());
    }

    synchronized void revoked(int partition) {
        Partition former = partitions.remove(partition);
        if (former != null && former.caughtUp) {
            former.pending.values().forEach(this::withdraw);
        }
    }

    synchronized void caughtUp(int partition) {
        Partition stands = partitions.get(partition);
        if (stands != null && !stands.caughtUp) {
            stands.caughtUp = true;
            stands.pending.values().forEach(this::enqueue);
        }
    }

    /** Takes over what the journal says of a delivery. */
    synchronized Heard heard(int partition, Delivery delivery) {
        Partition stands = partitions.get(partition);
        if (stands == null) {
            return new Heard.Taken();
        }
        if (stands.isOver(delivery)) {
            return new Heard.Over();
        }
        PendingDelivery known = stands.pending.get(delivery.id());
        if (known != null && known.delivery().isNewerThan(delivery)) {
            return new Heard.Stale(known.delivery());
        }
        if (known == null || delivery.isNewerThan(known.delivery())) {
            put(stands, new PendingDelivery(partition, delivery, !stands.caughtUp));
        }
        return new Heard.Taken();
    }

    /** Takes over that a delivery is over. Gives back what is pending all the same, since it was asked for anew. */
    synchronized Optional<Delivery> over(int partition, String id, int round) {
        Partition stands = partitions.get(partition);
        if (stands == null) {
            return Optional.empty();
        }
        PendingDelivery known = stands.pending.get(id);
        end(stands, id, round);
        return Optional.ofNullable(known).map(PendingDelivery::delivery).filter(pending -> pending.round() > round);
    }

    private void end(Partition stands, String id, int round) {
        stands.over.merge(id, round, Math::max);
        PendingDelivery known = stands.pending.get(id);
        if (known != null && known.delivery().round() <= round) {
            stands.pending.remove(id);
            if (stands.caughtUp) {
                withdraw(known);
            }
        }
    }

    private void put(Partition stands, PendingDelivery delivery) {
        PendingDelivery former = stands.pending.put(delivery.delivery().id(), delivery);
        if (stands.caughtUp) {
            if (former != null) {
                withdraw(former);
            }
            enqueue(delivery);
        }
    }

    private void enqueue(PendingDelivery delivery) {
        String key = delivery.delivery().receiver();
        ReceiverQueue receiver = receivers.computeIfAbsent(
                key, name -> new ReceiverQueue(delivery.delivery().account(), settings));
        receiver.add(delivery);
        arrange(key, receiver);
    }

    private void withdraw(PendingDelivery delivery) {
        String key = delivery.delivery().receiver();
        ReceiverQueue receiver = receivers.get(key);
        if (receiver != null) {
            receiver.remove(delivery);
            arrange(key, receiver);
        }
    }

    /** Puts a receiver where it belongs after a change. */
    private void arrange(String key, ReceiverQueue receiver) {
        Place former = places.remove(key);
        if (former != null) {
            order.remove(former);
        }
        if (receiver.hasRoom()) {
            Place place = new Place(receiver.readyAt(), key);
            places.put(key, place);
            order.add(place);
            notifyAll();
        }
    }

    /** The next delivery that is due and may go; waits for one. Whoever takes it settles it. */
    synchronized PendingDelivery take() throws InterruptedException {
        while (true) {
            Optional<PendingDelivery> next = poll();
            if (next.isPresent()) {
                return next.get();
            }
            Duration nap = order.isEmpty()
                    ? LONGEST_NAP
                    : Duration.between(clock.instant(), order.first().at());
            wait(Math.max(1, Math.min(nap.toMillis(), LONGEST_NAP.toMillis())));
        }
    }

    /** The next delivery that is due and may go, if there is one now. Whoever takes it settles it. */
    synchronized Optional<PendingDelivery> poll() {
        Instant now = clock.instant();
        while (!order.isEmpty() && !order.first().at().isAfter(now)) {
            String key = order.first().receiver();
            ReceiverQueue receiver = receiver(key);
            Calls own = calls.computeIfAbsent(receiver.account(), account -> new Calls());
            if (own.inFlight < limit()) {
                own.inFlight++;
                inFlight++;
                PendingDelivery next = receiver.take(now);
                arrange(key, receiver);
                return Optional.of(next);
            }
            order.pollFirst();
            places.remove(key);
            own.parked.add(key);
        }
        return Optional.empty();
    }

    /**
     * How many calls an account may have under way now: never more than are free, so that however many accounts have slow
     * receivers, they share what is left and do not take it all. An account that is over it goes on when a call of its own
     * ends.
     */
    private int limit() {
        return Math.max(1, Math.min(MOST_OF_ACCOUNT, Deliverer.MOST_CALLS - inFlight));
    }

    private ReceiverQueue receiver(String key) {
        ReceiverQueue receiver = receivers.get(key);
        if (receiver == null) {
            throw new IllegalStateException("a receiver that has a place stands");
        }
        return receiver;
    }

    /** The delivery is over, and its call went well. */
    synchronized void succeeded(PendingDelivery delivery) {
        receiver(delivery).succeeded();
        end(delivery);
    }

    /** The delivery is over after a last failed call. */
    synchronized void failed(PendingDelivery delivery, Instant leftAlone) {
        receiver(delivery).failed(clock.instant(), leftAlone);
        end(delivery);
    }

    /** The delivery is over, and its receiver was not called. */
    synchronized void dropped(PendingDelivery delivery) {
        receiver(delivery).released();
        end(delivery);
    }

    /** The call failed; the delivery goes on. */
    synchronized void failed(PendingDelivery delivery, Delivery next, Instant leftAlone) {
        receiver(delivery).failed(clock.instant(), leftAlone);
        goOn(delivery, delivery.with(next));
    }

    /** The receiver was not called for reasons of our own; the delivery comes back later. */
    synchronized void postponed(PendingDelivery delivery, Instant when) {
        receiver(delivery).released();
        Delivery later = delivery.delivery().postponed(when);
        goOn(delivery, new PendingDelivery(delivery.partition(), later, delivery.replayed()));
    }

    private ReceiverQueue receiver(PendingDelivery delivery) {
        return receiver(delivery.delivery().receiver());
    }

    private void end(PendingDelivery delivery) {
        Partition stands = partitions.get(delivery.partition());
        if (stands != null) {
            end(stands, delivery.delivery().id(), delivery.delivery().round());
        }
        release(delivery);
    }

    private void goOn(PendingDelivery delivery, PendingDelivery next) {
        Partition stands = partitions.get(delivery.partition());
        if (stands != null && !stands.isOver(next.delivery())) {
            PendingDelivery known = stands.pending.get(next.delivery().id());
            if (known == null || !known.delivery().isNewerThan(next.delivery())) {
                put(stands, next);
            }
        }
        release(delivery);
    }

    private void release(PendingDelivery delivery) {
        String key = delivery.delivery().receiver();
        arrange(key, receiver(key));
        Account account = delivery.delivery().account();
        Calls own = calls.computeIfAbsent(account, name -> new Calls());
        own.inFlight--;
        inFlight--;
        unpark(own);
        if (own.inFlight == 0 && own.parked.isEmpty()) {
            calls.remove(account);
        }
        if (receivers.size() > TIDY_ABOVE) {
            tidy();
        }
    }

    private void unpark(Calls own) {
        Iterator<String> parked = own.parked.iterator();
        for (int free = limit() - own.inFlight; free > 0 && parked.hasNext(); free--) {
            String key = parked.next();
            parked.remove();
            ReceiverQueue receiver = receivers.get(key);
            if (receiver != null) {
                arrange(key, receiver);
            }
        }
    }

    private void tidy() {
        Instant now = clock.instant();
        List<String> idle = new ArrayList<>();
        receivers.forEach((key, receiver) -> {
            if (receiver.isIdle(now)) {
                idle.add(key);
            }
        });
        idle.forEach(receivers::remove);
    }

    /** How many deliveries are pending. */
    synchronized int size() {
        return partitions.values().stream()
                .mapToInt(partition -> partition.pending.size())
                .sum();
    }
}
