package io.appointmentrelay.store;

/** What the store holds is sealed with a key that {@code relay.store.key} does not have. */
public final class WrongStoreKey extends StoreUnavailable {

  private static final long serialVersionUID = 1L;

  private WrongStoreKey(String message) {
    super(message);
  }

  static WrongStoreKey missing(String id, String known) {
    return new WrongStoreKey(
        "relay.store.key must have the key '"
            + id
            + "', with which values of this store are sealed; found "
            + (known.isEmpty() ? "no key" : "only " + known)
            + ". Nothing was changed: add it (id:key, separated by a comma), or take the store that belongs to this key.");
  }

  static WrongStoreKey elsewhere(String id) {
    return new WrongStoreKey(
        "relay.store.key begins with a key that all relays on this store must have; found '"
            + id
            + "', and another relay that runs without it, or that seals with one that is not here. Nothing was changed: give every"
            + " relay all keys, the new one behind the old one first, and then start with the new one first; or stop the others.");
  }

  static WrongStoreKey another(String id) {
    return new WrongStoreKey(
        "relay.store.key must have, under the id '"
            + id
            + "', the key with which values of this store are sealed; found another one under that id."
            + " Nothing was changed: set the right one, or take the store that belongs to this key.");
  }
}
