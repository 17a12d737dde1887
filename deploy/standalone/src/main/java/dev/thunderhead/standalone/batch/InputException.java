package dev.thunderhead.standalone.batch;

/** The input, what was asked for with it, or the campaign's folder cannot be used. The message is for the user. */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String problem;

    InputException(String problem) {
        super(problem);
        this.problem = problem;
    }

    /** A file of a campaign's folder that no campaign wrote so. */
    static InputException damaged(String file) {
        return new InputException(file + " is damaged: begin anew in another folder with --out");
    }

    @Override
    public String getMessage() {
        return problem;
    }
}
