using System.Buffers;
using System.Text;
using System.Text.Json;
using AkkaScale.Domain;
using AkkaScale.Domain.Tasks;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Events;
using AkkaScale.Sharding.Messages;
using AkkaScale.Tests.Unit.Architecture;
using AkkaScale.Tests.Unit.Domain;

namespace AkkaScale.Tests.Unit.EntitySharding;

/// <summary>
/// What is stored or sent stays as it was: each form is compared with a checked-in file, its manifest in the first line. Nothing here
/// writes these files; AKKASCALE_PRINT_GOLDEN names a folder that gets the present forms, to look at and to copy by hand.
/// </summary>
public sealed class GoldenFormTests(SerializerUnderTest subject) : IClassFixture<SerializerUnderTest>
{
    private static readonly string Folder = RepositoryFolder.At("tests", "Unit", "EntitySharding", "Golden");
    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 4, 1, 8, 30, 0, TimeSpan.Zero).AddTicks(1_234_560);
    private static readonly Guid CommandId = Guid.Parse("019d3c1a-7b2e-7c3d-8e4f-5a6b7c8d9e0f");
    private static readonly PayloadHash Hash = PayloadHash.FromBytes([.. Enumerable.Range(1, 32).Select(each => (byte)each)]);
    private static readonly EntityKey Key = new("task", "t-Grüße/1");
    private static readonly StoredAnswer Refused = new(ReplyStatus.Refused, false, "task/already-done", "Prüfe \"x\" <b>");

    private static readonly Dictionary<string, object> Forms = new()
    {
        ["event.first-of-two"] = Event("commented", """{"text":"Grüße","by":"ann"}""", 3, null),
        ["event.last"] = Event("commented", """{"text":"b","by":"ann"}""", 4, Remembered(4, StoredAnswer.Accepted, Hash)),
        ["event.created"] = Event("created@2", """{"title":"a"}""", 1, Remembered(1, StoredAnswer.CreatedAnswer)),
        ["answered.refused"] = new EntityAnswered(Remembered(4, Refused, Hash), At),
        ["answered.unchanged"] = new EntityAnswered(Remembered(4, StoredAnswer.Unchanged), At),
        ["answered.mismatch"] = new EntityAnswered(
            Remembered(4, new StoredAnswer(ReplyStatus.VersionMismatch, false, "version/mismatch", "")), At),
        ["snapshot"] = new EntityMemorySnapshot(
            "task", 7, At, Samples.Task, [Remembered(1, StoredAnswer.CreatedAnswer), Remembered(5, Refused, Hash)], true),
        ["snapshot.least"] = new EntityMemorySnapshot("task", 0, At, TaskState.Initial, [], false),
        ["ask"] = new EntityAsk(Key, new RenameTask("Länd"), CommandId, TimeSpan.FromSeconds(115))
        {
            IsClientKey = true,
            Attempt = 2,
            Hash = Hash,
            ExpectedVersion = 4,
            ActingUser = "änn",
            Precondition = new Refusal("project/archived", "It is archived."),
        },
        ["ask.read"] = new EntityAsk(Key, new GetTask(), CommandId, TimeSpan.FromSeconds(115)) { IsRead = true, IsConfirmed = true },
        ["ask.late"] = new EntityAsk(Key, new StartTask(), CommandId, TimeSpan.FromSeconds(99)),
        ["outcome.answered"] = EntityOutcome.Answered(new EntityReply(
            ReplyStatus.Accepted, "", "", 3, true, true, new StateBody(TaskSystem.Tasks, Samples.Task, "t-1", 3))),
        ["outcome.refused"] = EntityOutcome.Answered(
            new EntityReply(ReplyStatus.Refused, "task/deleted", "Gelöscht.", 9, false, false, null)),
        ["outcome.unknown"] = EntityOutcome.Unknown("the write is not confirmed"),
        ["outcome.not-served"] = EntityOutcome.NotServed,
        ["stop"] = StopEntity.Instance,
    };

    public static TheoryData<string> Names => [.. Forms.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_form_is_as_it_was(string name)
    {
        var form = Written(Forms[name]);
        if (Environment.GetEnvironmentVariable("AKKASCALE_PRINT_GOLDEN") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, $"{name}.txt"), form);
        }

        var path = Path.Combine(Folder, $"{name}.txt");
        Assert.True(File.Exists(path), $"{path} is missing. Its content would be:\n{form}");
        Assert.Equal(File.ReadAllText(path), form);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_form_is_read_back_as_what_it_was(string name)
    {
        var lines = File.ReadAllText(Path.Combine(Folder, $"{name}.txt")).Split('\n');
        var read = subject.Serializer.FromBinary(Encoding.UTF8.GetBytes(lines[1]), lines[0]);
        Assert.IsType(Forms[name].GetType(), read);
        Assert.Equal($"{lines[0]}\n{lines[1]}\n", Written(read));
        if (Forms[name] is not (EntityEvent or EntityMemorySnapshot or EntityOutcome))
        {
            var expected = Forms[name] is EntityAsk { Deadline: var deadline } ask && deadline < subject.Time.Now
                ? ask with { Deadline = subject.Time.Now }
                : Forms[name];
            Assert.Equal(expected, read);
        }
    }

    [Fact]
    public void No_file_is_left_over() => Assert.Equal(
        Forms.Keys.Order(StringComparer.Ordinal),
        Directory.GetFiles(Folder).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_enum_value_has_a_name_on_the_wire()
    {
        foreach (var status in Enum.GetValues<ReplyStatus>())
        {
            var outcome = EntityOutcome.Answered(new EntityReply(status, "", "", 1, false, false, null));
            Assert.Equal(outcome, subject.Serializer.FromBinary(subject.Serializer.ToBinary(outcome), "outcome@1"));
        }

        foreach (var kind in Enum.GetValues<OutcomeKind>().Where(kind => kind != OutcomeKind.Answered))
        {
            var outcome = new EntityOutcome(kind, "why", null);
            Assert.Equal(outcome, subject.Serializer.FromBinary(subject.Serializer.ToBinary(outcome), "outcome@1"));
        }
    }

    [Fact]
    public void A_body_arrives_as_it_was_sent()
    {
        var outcome = (EntityOutcome)Forms["outcome.answered"];
        var read = (EntityOutcome)subject.Serializer.FromBinary(subject.Serializer.ToBinary(outcome), "outcome@1");
        Assert.Equal(Text(outcome.Reply!.Body!), Text(read.Reply!.Body!));
        Assert.Equal(outcome.Reply with { Body = null }, read.Reply with { Body = null });
    }

    [Fact]
    public void What_a_later_version_adds_to_a_form_is_passed_over()
    {
        var row = """{"version":4,"new":{"a":[1]},"at":"2026-04-01T08:30:00Z","event":{"by":"ann"}}""";
        var read = (EntityEvent)subject.Serializer.FromBinary(Encoding.UTF8.GetBytes(row), "task.started@1");
        Assert.Equal((4L, "started", """{"by":"ann"}"""), (read.Version, read.EventType, Encoding.UTF8.GetString(read.Payload.Span)));
        Assert.Null(read.CommandId);
    }

    [Theory]
    [InlineData("task.started@1", "{}")]
    [InlineData("task.started@1", "[]")]
    [InlineData("task.started@1", "")]
    [InlineData("answered@1", """{"version":4}""")]
    [InlineData("answered@1", """{"version":4,"answer":{"status":"perhaps"}}""")]
    [InlineData("answered@1", """{"version":4,"command":"1","answer":{"status":"accepted"}}""")]
    [InlineData("answered@1", """{"version":4,"hash":"AA==","answer":{"status":"accepted"}}""")]
    [InlineData("outcome@1", """{"detail":"a"}""")]
    [InlineData("outcome@1", """{"outcome":"answered","version":1}""")]
    [InlineData("unheard-of@1", "{}")]
    public void Anything_else_is_refused(string manifest, string json) =>
        Assert.ThrowsAny<JsonException>(() => subject.Serializer.FromBinary(Encoding.UTF8.GetBytes(json), manifest));

    [Fact]
    public void An_event_that_is_no_JSON_is_not_stored() =>
        Assert.ThrowsAny<JsonException>(() => subject.Serializer.ToBinary(Event("commented", "{", 1, null)));

    [Theory]
    [InlineData("task.state@1")]
    [InlineData("task.state@3")]
    public void A_snapshot_of_another_version_of_the_state_is_none(string manifest)
    {
        var bytes = subject.Serializer.ToBinary(Forms["snapshot"]);
        Assert.Equal(new StaleEntitySnapshot(manifest), subject.Serializer.FromBinary(bytes, manifest));
    }

    [Fact]
    public void An_event_may_be_named_as_the_state_is()
    {
        var happened = Event("state@2", "{}", 1, null);
        var read = subject.Serializer.FromBinary(subject.Serializer.ToBinary(happened), subject.Serializer.Manifest(happened));
        Assert.Equal("state@2", Assert.IsType<EntityEvent>(read).EventType);
    }

    private static EntityEvent Event(string type, string payload, long version, RememberedCommand? answered) =>
        new("task", type, Encoding.UTF8.GetBytes(payload), version, At) { Answered = answered };

    private static RememberedCommand Remembered(long version, StoredAnswer answer, PayloadHash hash = default) =>
        new(CommandId, hash, version, answer);

    private static string Text(IReplyBody body)
    {
        var output = new ArrayBufferWriter<byte>();
        body.WriteTo(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private string Written(object form) =>
        $"{subject.Serializer.Manifest(form)}\n{Encoding.UTF8.GetString(subject.Serializer.ToBinary(form))}\n";
}
