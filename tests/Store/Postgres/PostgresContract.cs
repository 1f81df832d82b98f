using AkkaScale.Tests.Store.Contract;

namespace AkkaScale.Tests.Store.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresAppendTests(PostgresFixture fixture) : AppendTests(fixture);
