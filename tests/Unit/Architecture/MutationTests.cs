using System.Reflection;
using System.Text.RegularExpressions;
using AkkaScale.Cluster;
using Xunit;

namespace AkkaScale.Tests.Unit.Architecture;

public sealed partial class MutationTests
{
    public static TheoryData<string> RuleFiles => [.. Directory.GetFiles(RepositoryFolder.At("tests", "Mutation", "rules"), "*.txt").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

#if !AKKASCALE_MUTATIONS
    [Fact]
    public void What_ships_has_every_switch_as_the_constant_false()
    {
        var switches = typeof(Broken).GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(member => member is FieldInfo { FieldType: var field } && field == typeof(bool) || member is PropertyInfo { PropertyType: var property } && property == typeof(bool))
            .ToArray();
        Assert.All(switches, member => Assert.True(member is FieldInfo { IsLiteral: true } field && field.GetRawConstantValue() is false, $"{member.Name} can be true"));
        Assert.Equal(Broken.Rules.Order(StringComparer.Ordinal), switches.Select(member => NameOf(member.Name)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(BannedUseTests.All), MemberType = typeof(BannedUseTests))]
    public void No_assembly_that_ships_asks_for_a_switch(string project)
    {
        using var assembly = CompiledAssembly.Of(project);
        Assert.DoesNotContain(assembly.Uses(), use => use.Type == typeof(Broken).FullName && use.User != typeof(Broken).FullName);
    }

    [Fact]
    public void What_ships_refuses_to_break_a_rule()
    {
        Assert.Null(Broken.Rule);
        Broken.Rule = null;
        Assert.Contains("build with -c Mutations", Assert.Throws<NotSupportedException>(() => Broken.Rule = "fence").Message);
    }
#endif

    [Theory]
    [MemberData(nameof(RuleFiles))]
    public void The_text_that_a_mutation_replaces_stands_in_the_source_once(string file)
    {
        var rule = File.ReadAllText(RepositoryFolder.At("tests", "Mutation", "rules", file));
        var source = File.ReadAllText(RepositoryFolder.At(FileLine().Match(rule).Groups["path"].Value.Split('/')));
        Assert.Equal(2, source.Split(FindBlock().Match(rule).Groups["text"].Value).Length);
    }

    /// <summary>"lease-deadline" of LeaseDeadline.</summary>
    private static string NameOf(string member) => Capital().Replace(member, match => $"-{match.Value}").TrimStart('-').ToLowerInvariant();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();

    [GeneratedRegex("^file: (?<path>.*)$", RegexOptions.Multiline)]
    private static partial Regex FileLine();

    [GeneratedRegex("^--- find\n(?<text>.*?)\n--- replace$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FindBlock();
}
