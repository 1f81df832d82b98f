using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AkkaScale.Pbm.Load.Model;
using AkkaScale.Pbm.Load.Replay;

namespace AkkaScale.Pbm.Load.Verify;

/// <summary>Reads every entity of the model back through the gateways, tasks with all their comments, and compares.</summary>
public sealed class Verification(LoadPlan plan, RetryingSender sender, VerificationResult result, ReplayOptions options, TimeProvider time)
{
    private const int PageSize = 500;

    /// <summary>Every user, every project, and every task that the trace names, the absent ones too.</summary>
    public long Total => plan.Users.Count + plan.Projects.Count + plan.Tasks.Count;

    public bool GaveUp => result.Unreadable >= options.MaxFailures;

    /// <exception cref="OperationCanceledException">Interrupted; the result holds what was done.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var work = new ConcurrentQueue<Func<Random, Task>>();
        foreach (var user in plan.Model.Users.Values)
        {
            work.Enqueue(random => CheckUserAsync(user, random, cancellation));
        }

        foreach (var project in plan.Model.Projects.Values)
        {
            work.Enqueue(random => CheckProjectAsync(project, random, cancellation));
        }

        foreach (var chain in plan.Tasks)
        {
            work.Enqueue(random => CheckTaskAsync(chain.Id, random, cancellation));
        }

        try
        {
            await Task.WhenAll(Enumerable.Range(0, options.Concurrency).Select(number => Task.Run(
                () => WorkAsync(work, new Random(number), cancellation), CancellationToken.None))).ConfigureAwait(false);
        }
        finally
        {
            result.Duration = time.GetElapsedTime(started);
        }
    }

    private async Task WorkAsync(ConcurrentQueue<Func<Random, Task>> work, Random random, CancellationToken cancellation)
    {
        while (!GaveUp && work.TryDequeue(out var check))
        {
            cancellation.ThrowIfCancellationRequested();
            await check(random).ConfigureAwait(false);
            result.CountEntity();
        }
    }

    private async Task CheckUserAsync(ModelUser user, Random random, CancellationToken cancellation)
    {
        var entity = $"user/{user.Id}";
        var path = $"/users/{Uri.EscapeDataString(user.Id)}";
        if (await ReadAsync(entity, path, EntityJson.Default.UserView, random, cancellation).ConfigureAwait(false) is { } read)
        {
            Same(entity, "id", user.Id, read.Id);
            Same(entity, "name", user.Name, read.Name);
            Same(entity, "version", 1, read.Version);
        }
    }

    private async Task CheckProjectAsync(ModelProject project, Random random, CancellationToken cancellation)
    {
        var entity = $"project/{project.Id}";
        var path = $"/projects/{Uri.EscapeDataString(project.Id)}";
        if (await ReadAsync(entity, path, EntityJson.Default.ProjectView, random, cancellation).ConfigureAwait(false) is { } read)
        {
            Same(entity, "id", project.Id, read.Id);
            Same(entity, "name", project.Name, read.Name);
            Same(entity, "owner", project.Owner, read.Owner);
            Same(entity, "archived", "false", read.Archived ? "true" : "false");
            Same(entity, "members", $"{project.Owner}:owner", string.Join(' ', read.Members.Select(m => $"{m.User}:{m.Role}")));
            Same(entity, "version", 1, read.Version);
        }
    }

    private async Task CheckTaskAsync(string id, Random random, CancellationToken cancellation)
    {
        var entity = $"task/{id}";
        var path = $"/tasks/{Uri.EscapeDataString(id)}";
        if (!plan.Model.Tasks.TryGetValue(id, out var task))
        {
            await CheckAbsentAsync(entity, path, random, cancellation).ConfigureAwait(false);
            return;
        }

        if (await ReadAsync(entity, path, EntityJson.Default.TaskView, random, cancellation).ConfigureAwait(false) is { } read)
        {
            Same(entity, "id", id, read.Id);
            Same(entity, "project", task.Project, read.Project);
            Same(entity, "title", task.Title, read.Title);
            Same(entity, "status", task.Done ? "done" : "open", read.Status);
            Same(entity, "createdBy", task.CreatedBy, read.CreatedBy);
            Same(entity, "assignee", null, read.Assignee);
            Same(entity, "commentCount", task.Comments.Count, read.CommentCount);
            Same(entity, "version", task.Version, read.Version);
        }

        await CheckCommentsAsync(entity, path, task, random, cancellation).ConfigureAwait(false);
    }

    /// <summary>A task that the trace names but never creates must not exist.</summary>
    private async Task CheckAbsentAsync(string entity, string path, Random random, CancellationToken cancellation)
    {
        var outcome = await SendAsync(path, random, cancellation).ConfigureAwait(false);
        if (outcome.Answer is null)
        {
            result.Add(entity, "read", RefusalCodes.TaskNotFound, outcome.Failure);
        }
        else if (outcome.Answer.Code != RefusalCodes.TaskNotFound)
        {
            result.Add(entity, "existence", RefusalCodes.TaskNotFound, $"{outcome.Answer.Status} {outcome.Answer.Code}".TrimEnd());
        }
    }

    /// <summary>The same comments in the same order: each acknowledged one there once, nothing else.</summary>
    private async Task CheckCommentsAsync(string entity, string path, ModelTask task, Random random, CancellationToken cancellation)
    {
        var expected = task.Comments;
        var seen = 0;
        var after = 0L;
        // A server whose pages never end must not hold the verification: no more pages than the comments can fill.
        for (var pagesLeft = (expected.Count / PageSize) + 2; ; pagesLeft--)
        {
            var page = await ReadAsync(entity, $"{path}/comments?after={after}&limit={PageSize}", EntityJson.Default.CommentPage,
                random, cancellation).ConfigureAwait(false);
            if (page is null)
            {
                return;
            }

            foreach (var comment in page.Items)
            {
                if (seen >= expected.Count || !Matches(expected[seen], comment))
                {
                    result.Add(entity, $"comment {seen + 1}", seen < expected.Count ? Describe(expected[seen]) : "none",
                        $"{comment.Version} {comment.Author}: {comment.Text}");
                    return;
                }

                seen++;
            }

            if (page.Next is null || page.Items.Count == 0 || pagesLeft == 0)
            {
                break;
            }

            after = page.Next.Value;
        }

        result.CountComments(seen);
        if (seen != expected.Count)
        {
            result.Add(entity, $"comment {seen + 1}", Describe(expected[seen]), "none");
        }
    }

    private async Task<T?> ReadAsync<T>(
        string entity, string path, JsonTypeInfo<T> shape, Random random, CancellationToken cancellation)
        where T : class
    {
        var outcome = await SendAsync(path, random, cancellation).ConfigureAwait(false);
        if (outcome.Answer is not { IsAccepted: true } answer)
        {
            var code = outcome.Answer is null ? outcome.Failure : $"{outcome.Answer.Status} {outcome.Answer.Code}".TrimEnd();
            result.Add(entity, outcome.Answer is null ? "read" : "existence", "200", code);
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(answer.Body.Span, shape) ?? throw new JsonException("null");
        }
        catch (JsonException problem)
        {
            result.Add(entity, "read", "the shape of the contract", problem.Message);
            return null;
        }
    }

    private Task<CallOutcome> SendAsync(string path, Random random, CancellationToken cancellation) =>
        sender.SendAsync(GatewayRequest.Get(path), random, _ => { }, cancellation);

    private void Same(string entity, string field, long expected, long actual)
    {
        if (expected != actual)
        {
            result.Add(entity, field, expected.ToString(CultureInfo.InvariantCulture), actual.ToString(CultureInfo.InvariantCulture));
        }
    }

    private void Same(string entity, string field, string? expected, string? actual)
    {
        if (!string.Equals(expected, actual, StringComparison.Ordinal))
        {
            result.Add(entity, field, expected, actual);
        }
    }

    private static bool Matches(ModelComment expected, CommentView actual) =>
        expected.Version == actual.Version && expected.Author == actual.Author && expected.Text == actual.Text;

    private static string Describe(ModelComment comment) => $"{comment.Version} {comment.Author}: {comment.Text}";
}
