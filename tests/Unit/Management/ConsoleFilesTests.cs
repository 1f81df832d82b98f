using System.Text;
using System.Text.RegularExpressions;
using AkkaScale.Management.Console;

namespace AkkaScale.Tests.Unit.Management;

public sealed partial class ConsoleFilesTests
{
    [Fact]
    public void Every_file_that_another_names_is_there_and_every_file_is_named()
    {
        var named = ConsoleFiles.All.SelectMany(file => References().Matches(Text(file.Value)).Select(match => match.Groups["name"].Value)).ToHashSet();
        Assert.Equal(ConsoleFiles.All.Keys.Where(name => name != ConsoleFiles.Start).Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    // The policy would refuse these in the browser; here they are found before anybody looks at the page.
    [Fact]
    public void Nothing_in_line_nothing_from_elsewhere_and_nothing_that_reads_text_as_markup()
    {
        Assert.All(ConsoleFiles.All, file =>
        {
            var text = Text(file.Value);
            Assert.DoesNotMatch(Markup(), text);
            Assert.DoesNotMatch(Elsewhere(), text);
            Assert.DoesNotContain("eval(", text, StringComparison.Ordinal);
            Assert.DoesNotContain("new Function", text, StringComparison.Ordinal);
        });
        var page = Text(ConsoleFiles.All[ConsoleFiles.Start]);
        Assert.DoesNotMatch(@"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page);
    }

    [Fact]
    public void A_file_of_other_content_has_another_tag() =>
        Assert.Equal(ConsoleFiles.All.Count, ConsoleFiles.All.Values.Select(file => file.Tag).Distinct().Count());

    private static string Text(ConsoleFile file) => Encoding.UTF8.GetString(file.Content);

    [GeneratedRegex(@"(?:""/console/|'\./)(?<name>[\w.]+)[""']")]
    private static partial Regex References();

    [GeneratedRegex(@"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTMLUnsafe|DOMParser|createContextualFragment|srcdoc)\b")]
    private static partial Regex Markup();

    // Names of XML and the addresses of other nodes, which are built from what the cluster says, are no sources.
    [GeneratedRegex(@"(?:https?:)?//(?!www\.w3\.org/2000/svg)[\w-]+\.[\w.-]+/|@import|url\(")]
    private static partial Regex Elsewhere();
}
