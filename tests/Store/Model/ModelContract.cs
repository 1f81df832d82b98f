using AkkaScale.Tests.Store.Postgres;
using AkkaScale.Tests.Store.Sqlite;
using Xunit.Abstractions;

namespace AkkaScale.Tests.Store.Model;

[Collection(PostgresCollection.Name)]
public sealed class PostgresModelTests(PostgresFixture fixture, ITestOutputHelper output) : StoreModelTests(fixture, output, AnotherDatabaseSql)
{
    /// <summary>That the recorded identity is not the server's is all that a failover shows.</summary>
    public const string AnotherDatabaseSql = "UPDATE cluster SET database_identity = 'another/00000000'";
}

[Collection(SqliteCollection.Name)]
public sealed class SqliteModelTests(SqliteFixture fixture, ITestOutputHelper output) : StoreModelTests(fixture, output, null);
