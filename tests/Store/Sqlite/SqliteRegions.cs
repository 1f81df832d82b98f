using AkkaScale.Tests.Store.Regions;

namespace AkkaScale.Tests.Store.Sqlite;

[Collection(SqliteCollection.Name)]
public sealed class SqliteRegionTests(SqliteFixture fixture) : RegionTests(fixture);

[Collection(SqliteCollection.Name)]
public sealed class SqliteVerificationTests(SqliteFixture fixture) : VerificationTests(fixture);

[Collection(SqliteCollection.Name)]
public sealed class SqliteWarmHandoffTests(SqliteFixture fixture) : WarmHandoffTests(fixture);

[Collection(SqliteCollection.Name)]
public sealed class SqliteConfirmedReadTests(SqliteFixture fixture) : ConfirmedReadTests(fixture);
