package dev.thunderhead.standalone.batch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The commands that go on with a campaign, as words for a shell.
 *
 * @param folder the campaign's
 * @param server where it goes on; empty when nobody needs to say so
 * @param repeated further words
 */
record NextCommand(Path folder, Optional<ServerAddress> server, List<String> repeated) {
    NextCommand {
        repeated = List.copyOf(repeated);
    }

    /** Does what is left to do. */
    String resume() {
        return text("");
    }

    /** Has the lines painted again that failed. */
    String retry() {
        return text("--retry ");
    }

    private String text(String flags) {
        List<String> words = new ArrayList<>(List.of("--out", folder.toString()));
        server.ifPresent(named -> words.addAll(List.of("--server", named.base())));
        words.addAll(repeated);
        return "./thunderhead batch " + flags
                + words.stream().map(NextCommand::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String text) {
        return text.matches("[\\w./:+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
