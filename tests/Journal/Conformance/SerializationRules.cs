using System.Text;
using Akka.Actor;
using Akka.Persistence;
using AkkaScale.Tests.Journal.Plugins;

namespace AkkaScale.Tests.Journal.Conformance;

/// <summary>What stands in the tables: the serializer's id and manifest are a contract with every later version.</summary>
public abstract class SerializationRules<TPlugin>(TPlugin plugin, ITestOutputHelper output)
    : PluginSpec(plugin, output), IClassFixture<TPlugin>
    where TPlugin : PluginUnderTest
{
    [Fact]
    public Task The_serializers_id_manifest_and_bytes_are_stored() => RuleAsync(async () =>
    {
        var id = NewId();
        await WriteAsync(id, 1, new Noted("bytes"));

        var row = await RowAsync(id);
        Assert.Equal(TestEventSerializer.Id, Convert.ToInt32(row[0]));
        Assert.Equal("noted@2", row[1]);
        Assert.Equal("bytes", Encoding.UTF8.GetString((byte[])row[2]!));
    });

    [Fact]
    public Task A_serializer_without_manifests_gets_the_types_name_stored_and_the_type_back() => RuleAsync(async () =>
    {
        var id = NewId();
        await WriteAsync(id, 1, new Plain("plain"));

        var row = await RowAsync(id);
        Assert.Equal(PlainSerializer.Id, Convert.ToInt32(row[0]));
        Assert.Equal(TestEventSerializer.Name<Plain>(), row[1]);
        Assert.Equal(new Plain("plain"), Assert.Single((await ReplayAsync(id)).Events).Payload);
    });

    [Fact]
    public Task An_actor_in_an_event_is_written_with_its_address_and_found_again() => RuleAsync(async () =>
    {
        var id = NewId();
        await WriteAsync(id, 1, new Pointing(TestActor));

        var row = await RowAsync(id);
        Assert.StartsWith("akka://spec/", Encoding.UTF8.GetString((byte[])row[2]!), StringComparison.Ordinal);
        Assert.Equal(TestActor, ((Pointing)Assert.Single((await ReplayAsync(id)).Events).Payload).Target);
    });

    [Fact]
    public Task A_snapshot_is_stored_with_its_serializers_id_manifest_and_bytes() => RuleAsync(async () =>
    {
        var id = NewId();
        var probe = CreateTestProbe();
        SnapshotStore.Tell(new SaveSnapshot(new SnapshotMetadata(id, 3, DateTime.UnixEpoch), new Notebook("state")), probe.Ref);
        await probe.ExpectMsgAsync<SaveSnapshotSuccess>(Patience);

        var row = Assert.Single(await Plugin.QueryAsync(
            "SELECT serializer_id, manifest, snapshot, sequence_number FROM snapshot WHERE persistence_id = @id", ("@id", id)));
        Assert.Equal(TestEventSerializer.Id, Convert.ToInt32(row[0]));
        Assert.Equal("notebook@1", row[1]);
        Assert.Equal("state", Encoding.UTF8.GetString((byte[])row[2]!));
        Assert.Equal(3L, row[3]);
    });

    [Fact]
    public Task Events_of_a_system_that_has_ended_are_read_by_the_next() => RuleAsync(async () =>
    {
        var id = NewId();
        await WriteAsync(id, 1, new Noted("old"));
        var next = Plugin.Start("next", Settings);
        try
        {
            var probe = CreateTestProbe();
            var journal = Persistence.Instance.Apply(next).JournalFor(null);
            journal.Tell(new ReplayMessages(1, long.MaxValue, long.MaxValue, id, probe.Ref), probe.Ref);

            Assert.Equal(new Noted("old"), (await probe.ExpectMsgAsync<ReplayedMessage>(Patience)).Persistent.Payload);
            Assert.Equal(1, (await probe.ExpectMsgAsync<RecoverySuccess>(Patience)).HighestSequenceNr);
        }
        finally
        {
            await next.Terminate();
        }
    });

    private async Task<object?[]> RowAsync(string id) => Assert.Single(await Plugin.QueryAsync(
        "SELECT identifier, manifest, message FROM journal WHERE persistence_id = @id", ("@id", id)));
}
