package dev.thunderhead.standalone.batch;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A request's body that counts what goes out.
 *
 * @param sent bytes, over all tries
 */
record CountedBody(BodyPublisher body, AtomicLong sent) implements BodyPublisher {
    @Override
    public long contentLength() {
        return body.contentLength();
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        body.subscribe(new Subscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscriber.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer bytes) {
                sent.addAndGet(bytes.remaining());
                subscriber.onNext(bytes);
            }

            @Override
            public void onError(Throwable problem) {
                subscriber.onError(problem);
            }

            @Override
            public void onComplete() {
                subscriber.onComplete();
            }
        });
    }
}
