using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AkkaScale.Domain.Projects;
using AkkaScale.Domain.Tasks;
using AkkaScale.Domain.Users;
using AkkaScale.Tests.Unit.Architecture;
using Xunit;

namespace AkkaScale.Tests.Unit.Domain;

/// <summary>
/// What was ever stored or sent between versions stays as it was: each form is compared with a checked-in file, byte by
/// byte but for the newline at its end. Nothing here writes these files; AKKASCALE_PRINT_GOLDEN names a folder that gets
/// the present forms, to look at and to copy by hand.
/// </summary>
public sealed class GoldenJsonTests
{
    private static readonly string Folder = RepositoryFolder.At("tests", "Unit", "Domain", "Golden");

    private static readonly IReadOnlyDictionary<string, Form> Forms = new[]
    {
        Commands("user", Samples.UserCommands, UserJson.Default.UserCommand),
        Events("user", Samples.UserEvents, UserJson.Default.UserEvent, UserJson.Default),
        One("user.state", Samples.User, UserJson.Default.UserState),
        One("user.view", UserEntity.View(Samples.User, "u-1", 2), UserJson.Default.UserView),
        One("user.view.least", UserEntity.View(Samples.User with { Email = null }, "u-1", 1), UserJson.Default.UserView),
        Commands("project", Samples.ProjectCommands, ProjectJson.Default.ProjectCommand),
        Events("project", Samples.ProjectEvents, ProjectJson.Default.ProjectEvent, ProjectJson.Default),
        One("project.state", Samples.Project, ProjectJson.Default.ProjectState),
        One("project.view", ProjectEntity.View(Samples.Project, "p-1", 4), ProjectJson.Default.ProjectView),
        Commands("task", Samples.TaskCommands, TaskJson.Default.TaskCommand),
        Events("task", Samples.TaskEvents, TaskJson.Default.TaskEvent, TaskJson.Default),
        One("task.state", Samples.Task, TaskJson.Default.TaskState),
        One("task.state.initial", TaskState.Initial, TaskJson.Default.TaskState),
        One("task.view", TaskEntity.View(Samples.Task, "t-1", 20), TaskJson.Default.TaskView),
        One("task.view.least", TaskEntity.View(TaskState.Initial, "t-1", 0), TaskJson.Default.TaskView),
    }.SelectMany(forms => forms).ToDictionary(form => form.Name, StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. Forms.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_JSON_is_as_it_was(string name)
    {
        var form = Forms[name];
        if (Environment.GetEnvironmentVariable("AKKASCALE_PRINT_GOLDEN") is { Length: > 0 } folder)
        {
            File.WriteAllBytes(Path.Combine(folder, $"{name}.json"), [.. form.Json, (byte)'\n']);
        }

        var path = Path.Combine(Folder, $"{name}.json");
        Assert.True(File.Exists(path), $"{path} is missing. Its content would be:\n{Encoding.UTF8.GetString(form.Json)}");
        var golden = File.ReadAllBytes(path);
        Assert.Equal(Encoding.UTF8.GetString(golden), Encoding.UTF8.GetString(form.Json) + "\n");
        Assert.True(golden.AsSpan(0, golden.Length - 1).SequenceEqual(form.Json), name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_JSON_is_read_back_as_what_it_was(string name)
    {
        var form = Forms[name];
        if (form.Read is { } read)
        {
            Assert.Equal(form.Value, read(File.ReadAllBytes(Path.Combine(Folder, $"{name}.json"))));
        }
    }

    [Fact]
    public void Every_declared_command_and_event_has_a_file_and_no_file_is_left_over()
    {
        AssertCovered(UserJson.Default.UserCommand, "user.command");
        AssertCovered(UserJson.Default.UserEvent, "user.event");
        AssertCovered(ProjectJson.Default.ProjectCommand, "project.command");
        AssertCovered(ProjectJson.Default.ProjectEvent, "project.event");
        AssertCovered(TaskJson.Default.TaskCommand, "task.command");
        AssertCovered(TaskJson.Default.TaskEvent, "task.event");
        Assert.Equal(
            Forms.Keys.Order(StringComparer.Ordinal),
            Directory.GetFiles(Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_stored_event_does_not_repeat_its_name()
    {
        Assert.All(
            Forms.Values.Where(form => form.Name.Contains(".event.", StringComparison.Ordinal)),
            form => Assert.False(JsonDocument.Parse(form.Json).RootElement.TryGetProperty("$type", out _), form.Name));
    }

    private static void AssertCovered(JsonTypeInfo union, string prefix) => Assert.Equal(
        union.PolymorphismOptions!.DerivedTypes.Select(derived => $"{prefix}.{derived.TypeDiscriminator}").Order(StringComparer.Ordinal),
        Forms.Keys.Where(name => name.StartsWith($"{prefix}.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    private static IEnumerable<Form> Commands<T>(string kind, IEnumerable<T> samples, JsonTypeInfo<T> union)
        where T : notnull =>
        samples.Select(sample => new Form(
            $"{kind}.command.{NameOf(union, sample)}",
            sample,
            JsonSerializer.SerializeToUtf8Bytes(sample, union),
            json => JsonSerializer.Deserialize(json, union)));

    private static IEnumerable<Form> Events<T>(
        string kind, IEnumerable<T> samples, JsonTypeInfo<T> union, IJsonTypeInfoResolver context)
        where T : notnull
    {
        foreach (var sample in samples)
        {
            var concrete = context.GetTypeInfo(sample.GetType(), union.Options)!;
            yield return new Form(
                $"{kind}.event.{NameOf(union, sample)}",
                sample,
                JsonSerializer.SerializeToUtf8Bytes(sample, concrete),
                json => JsonSerializer.Deserialize(json, concrete));
        }
    }

    private static IEnumerable<Form> One<T>(string name, T value, JsonTypeInfo<T> type)
        where T : notnull
    {
        var isView = name.Contains(".view", StringComparison.Ordinal);
        yield return new Form(
            name, value, JsonSerializer.SerializeToUtf8Bytes(value, type), isView ? null : json => JsonSerializer.Deserialize(json, type));
    }

    private static object? NameOf(JsonTypeInfo union, object sample) =>
        union.PolymorphismOptions!.DerivedTypes.Single(derived => derived.DerivedType == sample.GetType()).TypeDiscriminator;

    /// <param name="Read">Null for a view, which is only written.</param>
    private sealed record Form(string Name, object Value, byte[] Json, Func<byte[], object?>? Read);
}
