using System.Globalization;
using AkkaScale.Domain;
using AkkaScale.Domain.TaskBuckets;
using AkkaScale.Domain.Tasks;
using Xunit;

namespace AkkaScale.Tests.Unit.Domain;

public sealed class TaskBucketTests
{
    private const string Bucket = "0a~apollo";

    /// <summary>Stored with every project: these numbers never change.</summary>
    [Theory]
    [InlineData("", 9)]
    [InlineData("a", 3)]
    [InlineData("t-1", 8)]
    [InlineData("t-2", 5)]
    [InlineData("Ü-火箭", 1)]
    [InlineData("0198f3a1-7c1e-7b02-9d5a-3f1c2b4d5e6f", 10)]
    public void Golden_numbers_of_tasks(string task, int bucket) => Assert.Equal(bucket, TaskBucketId.BucketOf(task));

    [Fact]
    public void A_bucket_is_named_by_its_number_and_its_project()
    {
        Assert.Equal("08~p~1", TaskBucketId.Of("p~1", "t-1"));
        Assert.Equal("p~1", TaskBucketId.ProjectOf("08~p~1"));
        Assert.Equal(
            ["00~p", "01~p", "02~p", "03~p", "04~p", "05~p", "06~p", "07~p", "08~p", "09~p", "0a~p", "0b~p", "0c~p", "0d~p", "0e~p", "0f~p"],
            TaskBucketId.AllOf("p"));
    }

    [Fact]
    public void Tasks_spread_evenly_over_the_buckets()
    {
        var counts = Enumerable.Range(0, 16_000).CountBy(i => TaskBucketId.BucketOf($"task-{i}")).Select(count => count.Value).ToArray();
        Assert.Equal(16, counts.Length);
        Assert.InRange(counts.Min(), 850, 1_000);
        Assert.InRange(counts.Max(), 1_000, 1_150);
    }

    [Fact]
    public void A_task_is_admitted_once_and_dismissed_once()
    {
        var bucket = Scenario.TaskBucket();
        bucket.When(new DismissTask("t-1")).Unchanged();
        Assert.Equal(["t-1"], bucket.When(new AdmitTask("t-1")).Then(new TaskAdmitted("t-1", "ann")).Tasks);
        bucket.When(new AdmitTask("t-1")).Unchanged();
        Assert.Empty(bucket.When(new DismissTask("t-1")).Then(new TaskDismissed("t-1", "ann")).Tasks);
        bucket.When(new GetTaskBucket()).Unchanged();
    }

    [Fact]
    public void An_archived_bucket_freezes_its_tasks_and_a_restored_one_frees_them()
    {
        var bucket = WithTasks(2);
        bucket.When(new RestoreBucket()).Unchanged();

        var before = bucket.State;
        var archived = bucket.When(new ArchiveBucket()).Then(new BucketArchived("ann"), new TasksTold(Id(1), "ann"));
        Assert.Equal((true, 1, null), (archived.Archived, archived.Round, archived.Told));
        Assert.Equal([Freeze(Id(0)), Freeze(Id(1))], Sent(before, new BucketArchived("ann"), new TasksTold(Id(1), "ann")));
        bucket.When(new ArchiveBucket()).Unchanged();

        before = bucket.State;
        bucket.When(new RestoreBucket()).Then(new BucketRestored("ann"), new TasksTold(Id(1), "ann"));
        Assert.Equal([Unfreeze(Id(0)), Unfreeze(Id(1))], Sent(before, new BucketRestored("ann"), new TasksTold(Id(1), "ann")));
    }

    [Fact]
    public void An_empty_bucket_has_nobody_to_tell()
    {
        var bucket = Scenario.TaskBucket();
        Assert.Null(bucket.When(new ArchiveBucket()).Then(new BucketArchived("ann")).Told);
        Assert.Null(bucket.When(new RestoreBucket()).Then(new BucketRestored("ann")).Told);
    }

    [Fact]
    public void A_task_that_is_admitted_to_an_archived_bucket_is_frozen_at_once()
    {
        var bucket = Scenario.TaskBucket(new BucketArchived("root"));
        var before = bucket.State;
        bucket.When(new AdmitTask("t-1")).Then(new TaskAdmitted("t-1", "ann"));
        Assert.Equal([Freeze("t-1")], Sent(before, new TaskAdmitted("t-1", "ann")));
        Assert.Empty(Sent(TaskBucketState.Initial, new TaskAdmitted("t-1", "ann")));
    }

    [Fact]
    public void A_task_that_leaves_is_freed_if_it_may_have_been_frozen()
    {
        var archived = Scenario.TaskBucket(new TaskAdmitted("t-1", "root"), new BucketArchived("root")).State;
        Assert.Equal([Unfreeze("t-1")], Sent(archived, new TaskDismissed("t-1", "ann")));
        Assert.Empty(Sent(Scenario.TaskBucket(new TaskAdmitted("t-1", "root")).State, new TaskDismissed("t-1", "ann")));

        var half = WithTasks(3).Given(new BucketRestored("root"), new TasksTold(Id(1), "root")).State;
        Assert.Empty(Sent(half, new TaskDismissed(Id(1), "ann")));
        Assert.Equal([Unfreeze(Id(2))], Sent(half, new TaskDismissed(Id(2), "ann")));
    }

    [Fact]
    public void A_large_bucket_tells_its_tasks_in_steps()
    {
        var bucket = WithTasks(1_200);
        var told = new List<Message>();
        Step(new ArchiveBucket(), new BucketArchived("ann"), new TasksTold(Id(499), "ann"));
        Assert.Equal(new Message("projectTasks", Bucket, new ContinueTelling(1, Id(499))), told[^1]);
        bucket.When(new ContinueTelling(0, Id(499))).Unchanged();
        bucket.When(new ContinueTelling(1, Id(498))).Unchanged();

        Step((TaskBucketCommand)told[^1].Command, new TasksTold(Id(999), "ann"));
        Step((TaskBucketCommand)told[^1].Command, new TasksTold(Id(1_199), "ann"));

        Assert.Null(bucket.State.Told);
        Assert.Equal(
            Enumerable.Range(0, 1_200).Select(index => Freeze(Id(index))), told.Where(message => message.Kind == TaskEntity.Kind));
        bucket.When(new ContinueTelling(1, Id(1_199))).Unchanged();

        void Step(TaskBucketCommand command, params TaskBucketEvent[] expected)
        {
            var before = bucket.State;
            bucket.When(command).Then(expected);
            var sent = Sent(before, expected);
            Assert.InRange(sent.Count, 1, TaskBucketEntity.StepTasks + 1);
            told.AddRange(sent);
        }
    }

    [Fact]
    public void Restoring_ends_the_round_of_an_archiving_that_still_goes_on()
    {
        var bucket = WithTasks(600);
        bucket.When(new ArchiveBucket()).Then(new BucketArchived("ann"), new TasksTold(Id(499), "ann"));
        bucket.When(new RestoreBucket()).Then(new BucketRestored("ann"), new TasksTold(Id(499), "ann"));
        bucket.When(new ContinueTelling(1, Id(499))).Unchanged();
        var before = bucket.State;
        bucket.When(new ContinueTelling(2, Id(499))).Then(new TasksTold(Id(599), "ann"));
        Assert.All(Sent(before, new TasksTold(Id(599), "ann")), message => Assert.IsType<UnfreezeTask>(message.Command));
    }

    [Fact]
    public void The_view_counts()
    {
        var view = TaskBucketEntity.View(WithTasks(3).State, Bucket, 3);
        Assert.Equal(new TaskBucketView(Bucket, 3, "apollo", false, true, 3), view);
    }

    private static Scenario<TaskBucketState, TaskBucketCommand, TaskBucketEvent> WithTasks(int count) =>
        Scenario.TaskBucket([.. Enumerable.Range(0, count).Select(index => new TaskAdmitted(Id(index), "root"))]);

    private static string Id(int index) => index.ToString("d5", CultureInfo.InvariantCulture);

    private static Message Freeze(string task) => new("task", task, new FreezeTask("apollo"));

    private static Message Unfreeze(string task) => new("task", task, new UnfreezeTask("apollo"));

    private static List<Message> Sent(TaskBucketState state, params TaskBucketEvent[] events)
    {
        var sent = new List<Message>();
        foreach (var e in events)
        {
            sent.AddRange(TaskBucketMessages.Of(state, e, Bucket));
            state = TaskBucketEntity.Evolve(state, e, 1, DateTimeOffset.UnixEpoch);
        }

        return sent;
    }
}
