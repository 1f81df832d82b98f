using AkkaScale.Tests.Journal.Plugins;

namespace AkkaScale.Tests.Journal.Conformance;

/// <summary>Deleting events up to a number: they are gone for readers, and their numbers are never given again.</summary>
public abstract class DeletionRules<TPlugin>(TPlugin plugin, ITestOutputHelper output) : PluginSpec(plugin, output), IClassFixture<TPlugin>
    where TPlugin : PluginUnderTest
{
    [Fact]
    public Task Deleted_events_are_not_replayed() => RuleAsync(async () =>
    {
        var id = await WrittenAsync(5);
        await DeleteToAsync(id, 3);

        var replay = await ReplayAsync(id);
        Assert.Equal([4, 5], replay.Numbers);
        Assert.Equal(5, replay.Highest);
    });

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(long.MaxValue)]
    public Task The_highest_number_outlives_the_deletion_of_everything(long to) => RuleAsync(async () =>
    {
        var id = await WrittenAsync(5);
        await DeleteToAsync(id, to);

        var replay = await ReplayAsync(id);
        Assert.Empty(replay.Events);
        Assert.Equal(5, replay.Highest);
    });

    [Fact]
    public Task Writing_goes_on_after_a_deletion() => RuleAsync(async () =>
    {
        var id = await WrittenAsync(3);
        await DeleteToAsync(id, long.MaxValue);
        await WriteAsync(id, 4, new Noted("four"), new Noted("five"));

        var replay = await ReplayAsync(id);
        Assert.Equal([4, 5], replay.Numbers);
        Assert.Equal(5, replay.Highest);
    });

    [Fact]
    public Task Deleting_again_and_further_is_the_same_as_at_once() => RuleAsync(async () =>
    {
        var id = await WrittenAsync(6);
        await DeleteToAsync(id, 2);
        await DeleteToAsync(id, 2);
        await DeleteToAsync(id, 4);
        await DeleteToAsync(id, 1);

        var replay = await ReplayAsync(id);
        Assert.Equal([5, 6], replay.Numbers);
        Assert.Equal(6, replay.Highest);
    });

    [Fact]
    public Task A_deleted_number_is_not_written_again() => RuleAsync(async () =>
    {
        var id = await WrittenAsync(3);
        await DeleteToAsync(id, 3);

        Assert.IsType<Akka.Persistence.WriteMessageFailure>(Assert.Single(await WriteAsync(Atomic(id, 3, new Noted("again")))));
        Assert.Empty((await ReplayAsync(id)).Events);
    });

    [Fact]
    public Task Deleting_nothing_succeeds() => RuleAsync(async () =>
    {
        var id = NewId();
        await DeleteToAsync(id, 10);
        Assert.Equal(0, (await ReplayAsync(id)).Highest);

        var written = await WrittenAsync(2);
        await DeleteToAsync(written, 0);
        Assert.Equal([1, 2], (await ReplayAsync(written)).Numbers);
    });

    [Fact]
    public Task Other_ids_keep_their_events() => RuleAsync(async () =>
    {
        var (id, other) = (await WrittenAsync(3), await WrittenAsync(3));
        await DeleteToAsync(id, long.MaxValue);

        Assert.Equal([1, 2, 3], (await ReplayAsync(other)).Numbers);
    });

    private async Task<string> WrittenAsync(int count)
    {
        var id = NewId();
        await WriteAsync(id, 1, Enumerable.Range(1, count).Select(number => (object)new Noted($"note {number}")).ToArray());
        return id;
    }
}
