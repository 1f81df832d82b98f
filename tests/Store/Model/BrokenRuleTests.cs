#if AKKASCALE_MUTATIONS
using AkkaScale.Cluster;
using AkkaScale.Tests.Store.Contract;
using AkkaScale.Tests.Store.Postgres;
using AkkaScale.Tests.Store.Sqlite;
using Xunit.Abstractions;

namespace AkkaScale.Tests.Store.Model;

/// <summary>
/// A store whose statements break a rule is told from the model. In the configuration Mutations only, and by itself: a broken rule is the whole
/// process's. <c>dotnet test tests/Store -c Mutations --filter FullyQualifiedName~BrokenRuleTests</c>
/// </summary>
[Collection(BrokenRulesCollection.Name)]
public sealed class BrokenRuleTests(PostgresFixture postgres, SqliteFixture sqlite, ITestOutputHelper output)
{
    private const int Seeds = 20;
    private const int Operations = 350;

    [Theory]
    [InlineData("fence")]
    [InlineData("head-checks")]
    [InlineData("two-step-death")]
    [InlineData("coordinator-term")]
    [InlineData("generation")]
    public Task PostgreSQL_that_breaks_a_rule_differs_from_the_model(string rule) => FindAsync(rule, postgres, PostgresModelTests.AnotherDatabaseSql);

    // There is no other database that SQLite's could become.
    [Theory]
    [InlineData("fence")]
    [InlineData("head-checks")]
    [InlineData("two-step-death")]
    [InlineData("coordinator-term")]
    public Task SQLite_that_breaks_a_rule_differs_from_the_model(string rule) => FindAsync(rule, sqlite, null);

    private async Task FindAsync(string rule, IStoreFixture fixture, string? anotherDatabaseSql)
    {
        var comparison = new StoreComparison(() => StoreParty.InAsync(fixture, anotherDatabaseSql));
        Broken.Rule = rule;
        try
        {
            for (var seed = 1; seed <= Seeds; seed++)
            {
                var operations = await OperationSource.DrawAsync(seed, Operations, canRaise: anotherDatabaseSql is not null);
                if (await comparison.FindAsync(operations) is { } found)
                {
                    output.WriteLine($"{rule}: seed {seed}, operation {found.Step + 1}: {found.Operation}\n{found}");
                    return;
                }
            }
        }
        finally
        {
            Broken.Rule = null;
        }

        Assert.Fail($"In {Seeds} seeds of {Operations} operations nobody noticed that the store breaks rule {rule}.");
    }
}

[CollectionDefinition(Name)]
public sealed class BrokenRulesCollection : ICollectionFixture<PostgresFixture>, ICollectionFixture<SqliteFixture>
{
    public const string Name = "Broken rules";
}
#endif
