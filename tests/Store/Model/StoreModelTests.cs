using System.Globalization;
using AkkaScale.Tests.Store.Contract;
using Xunit.Abstractions;

namespace AkkaScale.Tests.Store.Model;

/// <summary>
/// The same random operations on a store and on its model, through the same ports: every outcome and every row that can be read is compared.
/// What the simulation proves of the model holds of the store as far as the two agree.
/// </summary>
/// <remarks>
/// AKKASCALE_MODEL_SEED replays one seed; AKKASCALE_MODEL_RUNS says how many fresh seeds there are besides the fixed ones, AKKASCALE_MODEL_OPERATIONS how
/// many operations each has.
/// </remarks>
public abstract class StoreModelTests(IStoreFixture fixture, ITestOutputHelper output, string? anotherDatabaseSql)
{
    private const string SeedVariable = "AKKASCALE_MODEL_SEED";
    private const string RunsVariable = "AKKASCALE_MODEL_RUNS";
    private const string OperationsVariable = "AKKASCALE_MODEL_OPERATIONS";
    private const int FixedSeeds = 3;
    private const int Operations = 350;

    [Fact]
    public async Task The_store_and_its_model_agree_on_every_operation()
    {
        var situations = new Situations();
        if (Number(SeedVariable) is { } wanted)
        {
            await CompareAsync(wanted, situations);
            output.WriteLine(situations.ToString());
            return;
        }

        foreach (var seed in Enumerable.Range(1, FixedSeeds).Concat(Enumerable.Range(0, Number(RunsVariable) ?? 1).Select(_ => Random.Shared.Next())))
        {
            await CompareAsync(seed, situations);
        }

        output.WriteLine(situations.ToString());
        var missing = situations.Missing(WantedSituations.All(canRaise: anotherDatabaseSql is not null)).ToArray();
        Assert.True(missing.Length == 0, $"These situations were never met:\n  {string.Join("\n  ", missing)}\nbut these:\n{situations}");
    }

    private async Task CompareAsync(int seed, Situations situations)
    {
        var count = Number(OperationsVariable) ?? Operations;
        output.WriteLine($"seed {seed}, {count} operations");
        var operations = await OperationSource.DrawAsync(seed, count, canRaise: anotherDatabaseSql is not null);
        var comparison = new StoreComparison(() => StoreParty.InAsync(fixture, anotherDatabaseSql));
        if (await comparison.FindAsync(operations, situations) is { } found)
        {
            // At once: making the list shorter takes a while, and on a busy machine the test may be ended before that.
            Console.WriteLine($"{Replay(seed, count)}\ndiffers at operation {found.Step + 1}: {found.Operation}\n{found}");
            var (fewer, difference) = await comparison.ShrinkAsync(operations, found);
            Assert.Fail(Report(seed, count, found, fewer, difference));
        }
    }

    private string Report(int seed, int count, StoreDifference found, List<StoreOperation> fewer, StoreDifference difference) =>
        $"""
        Seed {seed}: the store differs from the model at operation {found.Step + 1} of {count}: {found.Operation}
        {found}

        {fewer.Count} operations are enough:
        {string.Join('\n', fewer.Select((operation, index) => $"  {index + 1}. {operation}"))}
        Then:
        {difference}

        Replay: {Replay(seed, count)}
        """;

    private string Replay(int seed, int count) =>
        $"{SeedVariable}={seed} {OperationsVariable}={count} dotnet test tests/Store --filter FullyQualifiedName~{GetType().Name}";

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : null;
}
