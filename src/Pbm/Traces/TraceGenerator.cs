namespace AkkaScale.Pbm.Traces;

/// <summary>
/// Makes up activity that looks like real work: a few tasks, projects and users get most of it, many actions share a
/// second, and the oddities of real traces occur: creates repeated, actions before the create, edits, moves and closes of
/// closed tasks, edits that name another project, renames that change nothing.
/// </summary>
public sealed class TraceGenerator(GeneratorOptions options)
{
    private const long Start = 1_600_000_000;

    private readonly SplitMix _random = new((ulong)options.Seed);
    private readonly Dictionary<int, (string Project, string Title, bool Closed)> _tasks = [];
    private int _revision;

    public IEnumerable<TraceAction> Generate()
    {
        var at = Start;
        for (var line = 1; line <= options.Actions; line++)
        {
            at += _random.Chance(60) ? 0 : _random.Next(600);
            yield return Next(line, at);
        }
    }

    private TraceAction Next(int line, long at)
    {
        var number = _random.Skewed(options.Tasks);
        var user = Id("u", _random.Skewed(options.Users));
        var task = Id("t", number);
        TraceAction Make(TraceActionKind kind, string project, string? title = null) => new(line, at, user, project, task, kind, title);

        if (!_tasks.TryGetValue(number, out var known))
        {
            var project = Id("p", _random.Skewed(options.Projects));
            if (_random.Chance(2))
            {
                return Early(Make, project, number);
            }

            _tasks.Add(number, (project, Title(number), false));
            return Make(TraceActionKind.Create, project, Title(number));
        }

        // The first in a hundred are what a closed task gets too.
        return _random.Next(100) switch
        {
            < 1 when !known.Closed => Make(TraceActionKind.Create, known.Project, known.Title),
            < 2 => Make(TraceActionKind.Edit, Id("p", _random.Skewed(options.Projects))),
            < 14 when !known.Closed || _random.Chance(5) => Rename(Make, number, known),
            < 20 when !known.Closed || _random.Chance(5) => Close(Make, number, known),
            _ when known.Closed && !_random.Chance(10) => Next(line, at),
            _ => Make(TraceActionKind.Edit, known.Project),
        };
    }

    private TraceAction Early(Func<TraceActionKind, string, string?, TraceAction> make, string project, int number) =>
        _random.Next(10) switch
        {
            < 8 => make(TraceActionKind.Edit, project, null),
            8 => make(TraceActionKind.Rename, project, Title(number)),
            _ => make(TraceActionKind.Close, project, null),
        };

    private TraceAction Close(
        Func<TraceActionKind, string, string?, TraceAction> make, int number, (string Project, string Title, bool Closed) known)
    {
        _tasks[number] = known with { Closed = true };
        return make(TraceActionKind.Close, known.Project, null);
    }

    private TraceAction Rename(
        Func<TraceActionKind, string, string?, TraceAction> make, int number, (string Project, string Title, bool Closed) known)
    {
        var kind = _random.Next(20);
        var project = kind is < 17 ? Id("p", _random.Skewed(options.Projects)) : known.Project;
        var title = kind is 15 or 16 or 17 or 18 ? $"{Title(number)} {++_revision}" : known.Title;
        if (!known.Closed)
        {
            _tasks[number] = (project, title, false);
        }

        return make(TraceActionKind.Rename, project, title);
    }

    private static string Title(int number) => $"Task {number}";

    private string Id(string prefix, int number) =>
        $"{prefix}-{SplitMix.Mix((ulong)number * 3 + (ulong)options.Seed + prefix[0]) >> 24:x10}";
}
