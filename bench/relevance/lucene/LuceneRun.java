import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.QueryBuilder;
import org.apache.lucene.util.Version;

/**
 * {@code LuceneRun DOCS QUERIES RUN}: a run of Lucene as it comes, with FrenchAnalyzer and BM25Similarity.
 *
 * <p>Documents and queries are JSON lines as in BEIR. Title and text are one field; a query is any of its words.
 * {@code LuceneRun --version} prints the versions.
 */
public class LuceneRun {
    /** Hits a query, as deep as recall@100 looks. */
    private static final int DEPTH = 100;

    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 1 && arguments[0].equals("--version")) {
            System.out.println(Version.LATEST + ", on Java " + Runtime.version().feature());
            return;
        }
        if (arguments.length != 3) {
            System.err.println("usage: LuceneRun DOCS QUERIES RUN");
            System.exit(2);
        }
        Analyzer french = new FrenchAnalyzer();
        Directory directory = new ByteBuffersDirectory();
        index(Path.of(arguments[0]), french, directory);
        try (DirectoryReader reader = DirectoryReader.open(directory);
                PrintWriter run = new PrintWriter(arguments[2], StandardCharsets.UTF_8)) {
            search(Path.of(arguments[1]), french, reader, run);
        }
    }

    private static void index(Path docs, Analyzer french, Directory directory) throws IOException {
        IndexWriterConfig config = new IndexWriterConfig(french).setSimilarity(new BM25Similarity());
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            for (String line : Files.readAllLines(docs)) {
                JsonNode json = JSON.readTree(line);
                String both = json.path("title").asText("") + " " + json.path("text").asText("");
                Document document = new Document();
                document.add(new StringField("id", json.path("_id").asText(), Field.Store.YES));
                document.add(new TextField("contents", both, Field.Store.NO));
                writer.addDocument(document);
            }
            // The order of the documents breaks ties: one segment keeps it from run to run.
            writer.forceMerge(1);
        }
    }

    private static void search(Path queries, Analyzer french, DirectoryReader reader, PrintWriter run)
            throws IOException {
        IndexSearcher searcher = new IndexSearcher(reader);
        searcher.setSimilarity(new BM25Similarity());
        StoredFields stored = reader.storedFields();
        QueryBuilder builder = new QueryBuilder(french);
        for (String line : Files.readAllLines(queries)) {
            JsonNode json = JSON.readTree(line);
            String words = json.path("text").asText();
            Query query = builder.createBooleanQuery("contents", words, BooleanClause.Occur.SHOULD);
            if (query == null) {
                continue;
            }
            float least = Float.POSITIVE_INFINITY;
            int rank = 0;
            for (ScoreDoc hit : searcher.search(query, DEPTH).scoreDocs) {
                rank++;
                // Other tools sort by score alone: it falls strictly, so that ties stay in the order they were found in.
                least = hit.score < least ? hit.score : Math.nextDown(least);
                String document = stored.document(hit.doc).get("id");
                run.println(json.path("_id").asText() + " Q0 " + document + " " + rank + " " + (double) least + " lucene");
            }
        }
    }
}
