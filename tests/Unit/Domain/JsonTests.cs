using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaScale.Domain.Projects;
using AkkaScale.Domain.Tasks;
using AkkaScale.Tests.Unit.Architecture;
using Xunit;

namespace AkkaScale.Tests.Unit.Domain;

public sealed class JsonTests
{
    [Fact]
    public void The_first_version_of_created_is_read_from_its_file_and_folded_as_the_second()
    {
        var stored = File.ReadAllBytes(RepositoryFolder.At("tests", "Unit", "Domain", "Golden", "task.event.created.json"));
        var first = JsonSerializer.Deserialize(stored, TaskJson.Default.TaskCreatedV1)!;

        var upcast = Assert.IsType<TaskCreated>(TaskEntity.Upcast(first));
        Assert.Equal(new TaskCreated(first.Project, first.Title, Priority.Normal, [], "root", "Soon"), upcast);
        var state = Scenario.Task(first).State;
        Assert.Equal(Scenario.Task(upcast).State, state);
        Assert.Equal((Priority.Normal, 0, "root"), (state.Priority, state.Labels.Count, state.CreatedBy));
    }

    [Fact]
    public void The_first_version_of_created_is_never_written() =>
        Assert.All(
            Samples.TaskCommands,
            command => Assert.DoesNotContain(
                TaskEntity.Decide(TaskState.Initial, command, default).Events, e => e is TaskCreatedV1));

    [Theory]
    [InlineData("""{"$type":"rename","title":"Land","color":"red"}""")]
    [InlineData("""{"$type":"rename"}""")]
    [InlineData("""{"$type":"rename","title":null}""")]
    [InlineData("""{"$type":"rename","title":7}""")]
    [InlineData("""{"$type":"start","title":"Land"}""")]
    [InlineData("""{"$type":"explode"}""")]
    [InlineData("""{"$type":"prioritize","priority":"High"}""")]
    [InlineData("""{"$type":"prioritize","priority":"low,high"}""")]
    [InlineData("""{"$type":"prioritize","priority":2}""")]
    [InlineData("""{"$type":"prioritize","priority":null}""")]
    [InlineData("""{"$type":"label","add":["a",1],"remove":[]}""")]
    [InlineData("""{"$type":"label","add":null,"remove":[]}""")]
    [InlineData("""{"$type":"label","add":{"a":1},"remove":[]}""")]
    [InlineData("""{"$type":"label","add":["a"]}""")]
    [InlineData("""{"$type":"schedule","due":"2026-04-01"}""")]
    [InlineData("""{"$type":"schedule","due":"2026-04-01T08:30:00"}""")]
    [InlineData("""{"$type":"schedule","due":1775030400}""")]
    public void A_command_that_is_not_exactly_one_is_not_read(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, TaskJson.Default.TaskCommand));

    [Theory]
    [InlineData("2026-04-01T08:30:00Z", "2026-04-01T08:30:00Z")]
    [InlineData("2026-04-01T10:30:00.25+02:00", "2026-04-01T08:30:00.25Z")]
    [InlineData("2026-04-01T00:30:00-08:00", "2026-04-01T08:30:00Z")]
    public void Times_are_read_with_any_offset_and_written_in_UTC(string read, string written)
    {
        var command = JsonSerializer.Deserialize($$"""{"$type":"schedule","due":"{{read}}"}""", TaskJson.Default.TaskCommand)!;
        Assert.Equal($$"""{"$type":"schedule","due":"{{written}}"}""", JsonSerializer.Serialize(command, TaskJson.Default.TaskCommand));
    }

    [Fact]
    public void Events_and_states_of_a_later_version_may_know_more()
    {
        Assert.Equal(
            new TaskRenamed("Land", "root"),
            JsonSerializer.Deserialize("""{"title":"Land","by":"root","why":"typo"}""", TaskJson.Default.TaskRenamed));
        var json = JsonSerializer.Serialize(Samples.Task, TaskJson.Default.TaskState);
        Assert.Equal(Samples.Task, JsonSerializer.Deserialize(json.Insert(1, "\"color\":\"red\","), TaskJson.Default.TaskState));
    }

    [Theory]
    [InlineData("labels")]
    [InlineData("status")]
    [InlineData("priority")]
    [InlineData("updatedAt")]
    public void A_state_that_lacks_a_member_is_not_read(string member)
    {
        var json = JsonSerializer.SerializeToNode(Samples.Task, TaskJson.Default.TaskState)!.AsObject();
        Assert.True(json.Remove(member));
        Assert.Throws<JsonException>(() => json.Deserialize(TaskJson.Default.TaskState));
    }

    [Fact]
    public void Members_are_read_in_any_order_but_each_once()
    {
        var state = ReadMembers("""{"user":"b","role":"owner"},{"user":"a","role":"viewer"}""");
        Assert.Equal(MemberList.Empty.With("a", MemberRole.Viewer).With("b", MemberRole.Owner), state.Members);
        Assert.Equal(MemberRole.Viewer, state.Members.RoleOf("a"));
        Assert.Throws<JsonException>(
            () => ReadMembers("""{"user":"b","role":"owner"},{"user":"a","role":"viewer"},{"user":"b","role":"viewer"}"""));
    }

    [Fact]
    public void Equal_states_have_equal_JSON()
    {
        var one = Samples.Task with { Labels = ["x", "y", "z"] };
        var other = Samples.Task with { Labels = ["z", "x", "y", "x"] };
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal(
            Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(one, TaskJson.Default.TaskState)),
            Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(other, TaskJson.Default.TaskState)));
        Assert.NotEqual(one, one with { Labels = ["x", "y"] });
    }

    private static ProjectState ReadMembers(string members)
    {
        var json = JsonSerializer.SerializeToNode(Samples.Project, ProjectJson.Default.ProjectState)!.AsObject();
        json["members"] = JsonNode.Parse($"[{members}]");
        return json.Deserialize(ProjectJson.Default.ProjectState)!;
    }
}
