using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AkkaScale.Domain.Projects;
using AkkaScale.Domain.Tasks;
using AkkaScale.Domain.Users;
using AkkaScale.Domain.Validation;
using AkkaScale.Entities;
using Xunit;

namespace AkkaScale.Tests.Unit.Domain;

/// <summary>Random commands from a printed seed: what must hold whatever comes.</summary>
public sealed class RandomHistoryTests
{
    private const int Commands = 400;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_task_folds_to_one_state_and_keeps_its_rules(int seed)
    {
        var random = new Random(seed);
        var events = Run(
            TaskState.Initial, () => NextTask(random), TaskEntity.Decide, TaskEntity.Evolve, CheckTask, TaskJson.Default.TaskState);
        AssertFoldsAlike(TaskState.Initial, events, TaskEntity.Evolve, TaskJson.Default);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_project_folds_to_one_state_and_keeps_its_rules(int seed)
    {
        var random = new Random(seed);
        var events = Run(
            ProjectState.Initial, () => NextProject(random), ProjectEntity.Decide, ProjectEntity.Evolve, CheckProject, ProjectJson.Default.ProjectState);
        AssertFoldsAlike(ProjectState.Initial, events, ProjectEntity.Evolve, ProjectJson.Default);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_user_folds_to_one_state(int seed)
    {
        var random = new Random(seed);
        var events = Run(
            UserState.Initial,
            () => Pick<UserCommand>(random, new RegisterUser(Name(random)), new RenameUser(Name(random)), new GetUser()),
            UserEntity.Decide,
            UserEntity.Evolve,
            (before, command, after, changed) => Assert.True(!changed || (command is not GetUser && before != after)),
            UserJson.Default.UserState);
        AssertFoldsAlike(UserState.Initial, events, UserEntity.Evolve, UserJson.Default);
    }

    /// <summary>Decides and folds; after each command the state survives its JSON, and a repeated decision is the same.</summary>
    private static List<TEvent> Run<TState, TCommand, TEvent>(
        TState state,
        Func<TCommand> next,
        Decide<TState, TCommand, TEvent> decide,
        Evolve<TState, TEvent> evolve,
        Action<TState, TCommand, TState, bool> check,
        JsonTypeInfo<TState> json)
        where TState : class
    {
        var events = new List<TEvent>();
        for (var i = 0; i < Commands; i++)
        {
            var command = next();
            var context = new CommandContext("id-1", events.Count, "ann", At(events.Count + 1));
            var before = state;
            var decision = decide(state, command, context);
            Assert.Equal(decision.Events, decide(state, command, context).Events);
            Assert.True(decision.Refusal is null || decision.Events.Count == 0, "A refusal came with events.");
            foreach (var e in decision.Events)
            {
                events.Add(e);
                state = evolve(state, e, new EventContext("id-1", events.Count, At(events.Count)));
            }

            check(before, command, state, decision.Events.Count > 0);
            Assert.Equal(state, JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(state, json), json));
            if (decision.Refusal is null)
            {
                var again = decide(state, command, context);
                Assert.True(again.Events.Count == 0 || IsRepeatable(command), $"{command} took effect twice.");
            }
        }

        Assert.NotEmpty(events);
        return events;
    }

    private static void AssertFoldsAlike<TState, TEvent>(
        TState initial, List<TEvent> events, Evolve<TState, TEvent> evolve, IJsonTypeInfoResolver context)
        where TEvent : notnull
    {
        TState first = initial, second = initial, stored = initial;
        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i];
            first = evolve(first, e, new EventContext("id-1", i + 1, At(i + 1)));
            var type = context.GetTypeInfo(e.GetType(), ((System.Text.Json.Serialization.JsonSerializerContext)context).Options)!;
            var read = (TEvent)JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(e, type), type)!;
            stored = evolve(stored, read, new EventContext("id-1", i + 1, At(i + 1)));
        }

        foreach (var (e, index) in events.Select((e, index) => (e, index)))
        {
            second = evolve(second, e, new EventContext("id-1", index + 1, At(index + 1)));
        }

        Assert.Equal(first, second);
        Assert.Equal(first, stored);
    }

    private static bool IsRepeatable<TCommand>(TCommand command) => command is CommentOnTask;

    private static void CheckTask(TaskState before, TaskCommand command, TaskState after, bool changed)
    {
        Assert.True(changed != before.Equals(after), $"{command}: events and a change of state go together.");
        Assert.True(!changed || command is not GetTask);
        Assert.True(!before.Deleted || !changed, "A deleted task changed.");
        Assert.True(after.Labels.Count <= Limits.LabelsPerTask);
        Assert.True(after.CommentCount >= before.CommentCount);
        if (before.Exists)
        {
            Assert.Equal((before.CreatedBy, before.CreatedAt), (after.CreatedBy, after.CreatedAt));
        }

        Assert.True(
            !before.Frozen || !changed || command is UnfreezeTask or DeleteTask, "A frozen task changed.");
        var legal = (before.Status, after.Status, command) switch
        {
            (WorkStatus.Open, WorkStatus.InProgress, StartTask) => true,
            (WorkStatus.Open or WorkStatus.InProgress, WorkStatus.Done, CompleteTask) => true,
            (WorkStatus.Done, WorkStatus.Open, ReopenTask) => true,
            var (from, to, _) => from == to,
        };
        Assert.True(legal, $"{command} led from {before.Status} to {after.Status}.");
        if (before.IsDone && after.IsDone)
        {
            Assert.Equal((before.Title, before.Project), (after.Title, after.Project));
            Assert.True(after.Assignee is null || after.Assignee == before.Assignee, "A done task was assigned.");
        }
    }

    private static void CheckProject(ProjectState before, ProjectCommand command, ProjectState after, bool changed)
    {
        Assert.True(changed != before.Equals(after), $"{command}: events and a change of state go together.");
        Assert.True(!changed || command is not (GetProject or CheckProjectTakesTasks));
        Assert.True(!changed || !before.Archived || command is RestoreProject, "An archived project changed.");
        if (after.Exists)
        {
            Assert.Equal(MemberRole.Owner, after.Members.RoleOf(after.Owner));
            Assert.Equal(after.Members.OrderBy(member => member.User, StringComparer.Ordinal), after.Members);
            Assert.Equal(after.Members.Count, after.Members.DistinctBy(member => member.User).Count());
        }
    }

    private static TaskCommand NextTask(Random random) => Pick<TaskCommand>(
        random,
        new CreateTask(Name(random), Name(random), Pick(random, Priority.Low, Priority.Normal), []),
        new RenameTask(Name(random)),
        new DescribeTask(Pick<string?>(random, null, "", "a", "b")),
        new PrioritizeTask(Pick(random, Priority.Low, Priority.High)),
        new ScheduleTask(random.Next(2) == 0 ? null : At(random.Next(3))),
        new LabelTask(Labels(random), Labels(random)),
        new AssignTask(Name(random)),
        new UnassignTask(),
        new CommentOnTask(random.Next(10) == 0 ? "" : "x"),
        new StartTask(),
        new CompleteTask(),
        new ReopenTask(),
        new MoveTask(Name(random)),
        new FreezeTask(Name(random)),
        new UnfreezeTask(Name(random)),
        new UnfreezeTask(Name(random)),
        new RemindTask(),
        random.Next(40) == 0 ? new DeleteTask() : new GetTask());

    private static ProjectCommand NextProject(Random random) => Pick<ProjectCommand>(
        random,
        new CreateProject(Name(random), Name(random)),
        new RenameProject(Name(random)),
        random.Next(4) == 0 ? new ArchiveProject() : new RestoreProject(),
        new SetMember(Name(random), Pick(random, MemberRole.Viewer, MemberRole.Editor, MemberRole.Owner)),
        new SetMember(Name(random), MemberRole.Owner),
        new RemoveMember(Name(random)),
        new GetProject(),
        new CheckProjectTakesTasks());

    private static LabelSet Labels(Random random) => [.. Enumerable.Range(0, random.Next(20)).Select(_ => $"l{random.Next(80)}")];

    private static string Name(Random random) => Pick(random, "a", "b", "c", "d");

    private static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];

    private static DateTimeOffset At(long sequenceNr) => Scenario<TaskState, TaskCommand, TaskEvent>.TimeOf(sequenceNr);
}
