package dev.remit.simulator.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.MalformedException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FlatObjectTest {
  @Test
  void keepsWhatItDoesNotUnderstand() throws MalformedException {
    String text = "{\"a\":1,\"b\":{\"c\":[1,2.5]},\"d\":null,\"e\":\"x\\\"y\",\"f\":true}";
    assertThat(FlatObject.parse(text).json()).isEqualTo(text);
  }

  @Test
  void changesAndRemovesMembersAndKeepsTheirOrder() throws MalformedException {
    var object = FlatObject.parse("{\"a\":1,\"b\":2,\"c\":3}");
    assertThat(object.with("b", "two").without(Set.of("a")).with("d", true).json())
        .isEqualTo("{\"b\":\"two\",\"c\":3,\"d\":true}");
  }

  @Test
  void refusesWhatIsNotOneObject() {
    for (String text :
        new String[] {"", "[]", "{", "{}{}", "{\"a\":1,\"a\":2}", "sev-guest,id=x"}) {
      assertThatThrownBy(() -> FlatObject.parse(text))
          .as(text)
          .isInstanceOf(MalformedException.class);
    }
  }
}
