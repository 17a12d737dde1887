package dev.thunderhead.storage;

import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.util.Optional;

/** Makes calls of the SDK, and tells their failures as {@link IOException}s. Thread-safe. */
final class S3Calls {
    private S3Calls() {}

    /** A call of the SDK. */
    @FunctionalInterface
    interface Call<T> {
        T make() throws MinioException, IOException;
    }

    /** What was asked for, or nothing where the store has no such object. */
    static <T> Optional<T> present(String doing, Call<T> call) throws IOException {
        try {
            return Optional.of(calling(doing, call));
        } catch (RefusedException problem) {
            if (problem.status() == 404) {
                return Optional.empty();
            }
            throw problem;
        }
    }

    /** Calls the SDK, whose failures come in three forms, of which a lost connection is an unchecked one. */
    static <T> T calling(String doing, Call<T> call) throws IOException {
        try {
            return call.make();
        } catch (ErrorResponseException problem) {
            throw new RefusedException(doing, problem);
        } catch (MinioException problem) {
            throw failure(doing, problem, problem);
        } catch (IllegalStateException problem) {
            if (problem.getCause() instanceof IOException cause) {
                throw failure(doing, cause, problem);
            }
            throw problem;
        }
    }

    private static IOException failure(String doing, Exception why, Exception problem) {
        return new IOException("S3, " + doing + ": " + why.getMessage(), problem);
    }

    /** The store answered, and refused. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        private final int status;
        private final String code;

        RefusedException(String doing, ErrorResponseException problem) {
            super("S3, " + doing + ": " + problem.getMessage(), problem);
            this.status = problem.response().code();
            this.code = String.valueOf(problem.errorResponse().code());
        }

        int status() {
            return status;
        }

        String code() {
            return code;
        }
    }
}
