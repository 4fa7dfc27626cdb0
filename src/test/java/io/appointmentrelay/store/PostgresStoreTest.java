package io.appointmentrelay.store;

import org.junit.jupiter.api.BeforeEach;

/** The store in a PostgreSQL database. */
class PostgresStoreTest extends StoreContract {

  private StoreAddress address;

  @BeforeEach
  @Override
  void open() {
    if (address == null) {
      address = TestPostgres.newDatabase();
    }
    super.open();
  }

  @Override
  protected Database openDatabase() {
    return address.open();
  }
}
