using AkkaScale.Tests.Store.Regions;

namespace AkkaScale.Tests.Store.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresRegionTests(PostgresFixture fixture) : RegionTests(fixture);

[Collection(PostgresCollection.Name)]
public sealed class PostgresVerificationTests(PostgresFixture fixture) : VerificationTests(fixture);

[Collection(PostgresCollection.Name)]
public sealed class PostgresWarmHandoffTests(PostgresFixture fixture) : WarmHandoffTests(fixture);

[Collection(PostgresCollection.Name)]
public sealed class PostgresConfirmedReadTests(PostgresFixture fixture) : ConfirmedReadTests(fixture);
