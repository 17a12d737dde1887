package dev.thunderhead.standalone;

import dev.thunderhead.frontend.account.KeysFile;
import dev.thunderhead.frontend.account.Limits;
import dev.thunderhead.job.Account;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Set;

/** Makes an API key. Frontends notice the changed keys file by themselves. */
final class KeyCommand implements Command {
    @Override
    public String name() {
        return "key";
    }

    @Override
    public String summary() {
        return "makes an API key and prints it, this once";
    }

    @Override
    public String usage() {
        return """
                --account NAME  whom it stands for: lower-case letters, digits and inner hyphens
                --keys FILE     the keys file, to which its hash is added (.data/keys.json)
                """;
    }

    @Override
    public Set<String> options() {
        return Set.of("account", "keys");
    }

    @Override
    public void run(Arguments arguments, PrintStream out) throws Exception {
        Account account = account(arguments.noOthers().required("account"));
        Path keys = arguments.path("keys").orElseGet(() -> new DataFolder(Path.of(DataFolder.DEFAULT)).keys());
        out.println(new KeysFile(keys).add(account, Limits.STANDARD).text());
    }

    private static Account account(String id) {
        try {
            return new Account(id);
        } catch (IllegalArgumentException problem) {
            throw new UsageException("--account: " + problem.getMessage());
        }
    }
}
