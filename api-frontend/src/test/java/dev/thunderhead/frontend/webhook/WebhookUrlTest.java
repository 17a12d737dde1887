package dev.thunderhead.frontend.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookUrlTest {
    @Test
    void whatIsNeededForACallIsTakenApart() {
        WebhookUrl url = WebhookUrl.parse("https://Hooks.Example.com/in/1?token=a%20b", Reach.PUBLIC);
        assertThat(url.tls()).isTrue();
        assertThat(url.host()).isEqualTo("hooks.example.com");
        assertThat(url.port()).isEqualTo(443);
        assertThat(url.target()).isEqualTo("/in/1?token=a%20b");
        assertThat(WebhookUrl.parse("https://example.com", Reach.PUBLIC).target())
                .isEqualTo("/");
        assertThat(url.toString()).isEqualTo("https://hooks.example.com:443");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/",
                "ftp://example.com/",
                "file:///etc/passwd",
                "example.com",
                "/hook",
                "",
                "https:",
                "https://",
                "https:///hook",
                "https://user:pass@example.com/",
                "https://user@example.com/",
                "https://@example.com/",
                "https://example.com/#part",
                "https://example.com/#",
                "https://example.com:8443/",
                "https://example.com:80/",
                "https://example.com:0/",
                "https://example.com:99999/",
                "https://exa mple.com/",
                "https://example.com/a b",
                "https://example..com/",
                "https://bücher.example/",
                "https://example.com/ü",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://0x7f.1/",
                "https://0177.0.0.1/",
                "https://127.1/",
                "https://1.2.3/",
                "https://1.2.3.4.5/",
                "https://1.2.3.256/",
                "https://01.2.3.4/",
                "https://example.0x1/",
                "https://[fe80::1%25eth0]/",
                "https://[::1/",
                "https://example.com\\@127.0.0.1/",
                "https://example.com\n/",
                "javascript:alert(1)"
            })
    void whatCannotBeCalledIsRefused(String text) {
        assertThatThrownBy(() -> WebhookUrl.parse(text, Reach.PUBLIC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("must ");
    }

    @Test
    void tooLongAnAddressIsRefused() {
        String path = "x".repeat(3_000);
        assertThatThrownBy(() -> WebhookUrl.parse("https://example.com/" + path, Reach.PUBLIC))
                .hasMessageContaining("2048");
        String fits = "https://example.com/" + path.substring(0, 2048 - 20);
        assertThat(WebhookUrl.parse(fits, Reach.PUBLIC).text()).hasSize(2048);
    }

    @Test
    void forDevelopmentOtherPortsAndPlainHttpAreTaken() {
        WebhookUrl url = WebhookUrl.parse("http://localhost:9999/hook", Reach.ANYWHERE);
        assertThat(url.tls()).isFalse();
        assertThat(url.port()).isEqualTo(9999);
        assertThat(WebhookUrl.parse("http://[::1]/", Reach.ANYWHERE).host()).isEqualTo("::1");
        assertThatThrownBy(() -> WebhookUrl.parse("ftp://localhost/", Reach.ANYWHERE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WebhookUrl.parse("http://a:b@localhost/", Reach.ANYWHERE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneServerIsOneReceiverHoweverItIsWritten() {
        for (String url : List.of(
                "https://HOOKS.example.com", "https://hooks.example.com:443/b?c", "HTTPS://hooks.example.com/")) {
            assertThat(new Target.Requested(url).receiver())
                    .as(url)
                    .isEqualTo(new Target.Requested("https://hooks.example.com/a").receiver());
        }
        assertThat(new Target.Requested("https://[::1]/").receiver()).isEqualTo("https://[::1]:443");
    }
}
