using Xunit.Abstractions;

namespace AkkaScale.Tests.Unit.Architecture;

/// <summary>
/// Folders of a project form no circle but those in FolderCircles.txt, which are debt. The list as it would be now is printed by
/// <code>dotnet test tests/Unit -c Release --no-build --filter FolderCircleTests.No_folders --logger "console;verbosity=detailed"</code>
/// </summary>
public sealed class FolderCircleTests(ITestOutputHelper output)
{
    private const string SamplesRoot = "AkkaScale.Tests.Unit.Architecture.CircleSamples";

    [Fact]
    public void No_folders_of_a_project_form_a_circle_that_is_not_listed_as_debt()
    {
        var listed = FolderCircle.Read(File.ReadAllText(RepositoryFolder.At("tests", "Unit", "Architecture", "FolderCircles.txt")));
        var graphs = Boundaries.Projects.ToDictionary(project => project, GraphOf);
        var present = graphs.OrderBy(graph => graph.Key, StringComparer.Ordinal).SelectMany(graph => graph.Value.Circles(graph.Key)).ToArray();
        output.WriteLine(string.Join('\n', present.Select(circle => circle.ToString())));
        var problems = Problems(present, listed, circle => graphs[circle.Project].UsesWithin(circle)).ToArray();
        Assert.True(problems.Length == 0, $"{string.Join("\n\n", problems)}\n\nThe circles are now:\n{string.Join('\n', present.AsEnumerable())}");
    }

    [Fact]
    public void A_circle_that_only_bodies_of_methods_close_is_found()
    {
        using var assembly = new CompiledAssembly(typeof(FolderCircleTests).Assembly.Location);
        var circles = FolderGraph.Of(SamplesRoot, assembly.Uses()).Circles("Samples");
        Assert.Equal(["Samples: Call Field Type"], circles.Select(circle => circle.ToString()));
    }

    [Fact]
    public void Each_circle_is_found_whole_and_what_merely_uses_one_is_no_part_of_it()
    {
        var graph = FolderGraph.Of("P", [.. Uses("A B", "B C", "C A", "D A", "C E", "E .", ". E", "F F", "Else.G Else.H", "Else.H Else.G")]);
        Assert.Equal(["P: . E", "P: A B C", "P: Else.G Else.H"], graph.Circles("P").Select(circle => circle.ToString()));
        Assert.Equal(
            ["A -> B: P.A.User uses P.B.Used", "B -> C: P.B.User uses P.C.Used", "C -> A: P.C.User uses P.A.Used"],
            graph.UsesWithin(new FolderCircle("P", ["A", "B", "C"])));
    }

    [Fact]
    public void Another_projects_namespaces_are_no_folders() =>
        Assert.Empty(FolderGraph.Of("P", [new("P.A.User", "Pq.B.Used", ""), new("Pq.B.User", "P.A.Used", "")]).Circles("P"));

    [Fact]
    public void What_is_listed_is_allowed() => Assert.Empty(Judge("P: A B\nQ: C D", "# debt\n\nQ: D C\nP: A B\n"));

    [Fact]
    public void A_new_circle_is_told_with_its_uses() =>
        Assert.Equal(["P: A B is a new circle of folders:\n  uses of P: A B"], Judge("P: A B", "Q: A B\n").Where(problem => problem.StartsWith('P')));

    [Fact]
    public void A_circle_that_has_grown_is_told() =>
        Assert.Equal(["P: A B C has grown by C:\n  uses of P: A B C"], Judge("P: A B C", "P: A B"));

    [Fact]
    public void Circles_that_have_become_one_are_told() =>
        Assert.Equal(["P: A B C D has grown by C D:\n  uses of P: A B C D", "P: C D is no circle any more: delete the line."], Judge("P: A B C D", "P: A B\nP: C D"));

    [Fact]
    public void A_circle_that_is_gone_is_to_be_deleted_from_the_list() =>
        Assert.Equal(["P: A B is no circle any more: delete the line."], Judge("", "P: A B"));

    [Fact]
    public void A_circle_that_has_shrunk_is_to_be_listed_as_it_is_now() =>
        Assert.Equal(["P: A B C D has become P: A B, P: C D: change the line."], Judge("P: A B\nP: C D", "P: A B C D"));

    private static FolderGraph GraphOf(string project)
    {
        using var assembly = CompiledAssembly.Of(project);
        return FolderGraph.Of($"{Boundaries.AssemblyPrefix}{project}", [.. assembly.Uses()]);
    }

    private static IEnumerable<string> Judge(string present, string listed) =>
        Problems(FolderCircle.Read(present), FolderCircle.Read(listed), circle => [$"uses of {circle}"]);

    private static IEnumerable<string> Problems(
        IReadOnlyList<FolderCircle> present, IReadOnlyList<FolderCircle> listed, Func<FolderCircle, IEnumerable<string>> usesWithin)
    {
        var explained = new HashSet<FolderCircle>(present.Intersect(listed));
        foreach (var circle in present.Where(circle => !listed.Contains(circle) && !listed.Any(line => Holds(line, circle))))
        {
            var smaller = listed.FirstOrDefault(line => Holds(circle, line));
            var what = smaller is null ? "is a new circle of folders" : $"has grown by {string.Join(' ', circle.Folders.Except(smaller.Folders))}";
            explained.UnionWith(smaller is null ? [] : [smaller]);
            yield return $"{circle} {what}:\n{string.Join('\n', usesWithin(circle).Select(use => $"  {use}"))}";
        }

        foreach (var line in listed.Where(line => !explained.Contains(line)))
        {
            var rest = present.Where(circle => Holds(line, circle)).ToArray();
            yield return rest.Length == 0
                ? $"{line} is no circle any more: delete the line."
                : $"{line} has become {string.Join(", ", rest.AsEnumerable())}: change the line.";
        }
    }

    private static bool Holds(FolderCircle larger, FolderCircle smaller) =>
        larger.Project == smaller.Project && smaller.Folders.All(folder => larger.Folders.Contains(folder));

    private static IEnumerable<CompiledAssembly.Use> Uses(params string[] pairs) =>
        pairs.Select(pair => pair.Split(' ')).Select(pair => new CompiledAssembly.Use(Type(pair[0], "User"), Type(pair[1], "Used"), ""));

    private static string Type(string folder, string name) => folder == "." ? $"P.{name}" : $"P.{folder}.{name}";
}
