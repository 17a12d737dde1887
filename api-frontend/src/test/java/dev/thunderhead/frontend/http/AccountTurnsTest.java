package dev.thunderhead.frontend.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.job.Account;
import org.junit.jupiter.api.Test;

class AccountTurnsTest {
    private static final int MOST = 16;

    /** How many the account can begin, before it ends them all but for what is done meanwhile. */
    private static int begin(AccountTurns turns, String account, Runnable meanwhile) {
        try {
            return turns.take(new Account(account), () -> 1 + begin(turns, account, meanwhile));
        } catch (ApiException refused) {
            assertThat(refused.error().code()).isEqualTo("too_many");
            meanwhile.run();
            return 0;
        } catch (Exception problem) {
            throw new AssertionError(problem);
        }
    }

    private static AccountTurns turns(int room) {
        return new AccountTurns("too_many", "things", MOST, room);
    }

    @Test
    void anAccountDoesSoManyAtATimeAndMayBeginAgainWhenTheyEnd() {
        AccountTurns turns = turns(1_000);
        for (int i = 0; i < 3; i++) {
            assertThat(begin(turns, "acme", () -> {})).isEqualTo(MOST);
        }
    }

    @Test
    void eachLeavesAsManyFreeAsItTakesSoThatTheNextOneFindsRoom() {
        AccountTurns turns = turns(32);
        int[] taken = new int[6];
        taken[0] = begin(
                turns,
                "a",
                () -> taken[1] = begin(
                        turns,
                        "b",
                        () -> taken[2] = begin(
                                turns,
                                "c",
                                () -> taken[3] = begin(
                                        turns,
                                        "d",
                                        () -> taken[4] =
                                                begin(turns, "e", () -> taken[5] = begin(turns, "f", () -> {}))))));
        assertThat(taken).containsExactly(16, 8, 4, 2, 1, 1);
        assertThat(begin(turns, "b", () -> {})).isEqualTo(MOST);
    }
}
